import type { Clock, EpochMs } from "../../domain/clock.js";
import type { Sighting } from "../../providers/commitment-provider.js";
import { type Commitment, commitmentOf, isDeduped, isFinal, type Order } from "./commitment-books.js";
import type { ListedAttribute } from "./custom-line.js";

interface Arrival {
  readonly order: Order;
  readonly at: EpochMs;
}

/** Everything that was bought from the simulated cloud, and the requests on their way to it. */
export interface CommitmentShelf {
  /** Every commitment, including late landings that are due. */
  all(): readonly Commitment[];
  /** The commitments that listings show now. */
  visible(): readonly Commitment[];
  /** Carries an order out now, as commitments of these quantities. An order that is known or too old buys nothing. */
  land(order: Order, quantities: readonly number[]): "expired" | readonly Commitment[];
  landLater(order: Order, afterMs: number): void;
  /** Adds an order without any check. */
  add(order: Order, quantities: readonly number[]): readonly Commitment[];
  /** Puts a label on commitments, or takes it off. Returns the commitments. */
  label(commitmentIds: readonly string[], label: string | undefined): readonly Commitment[];
  setState(commitmentIds: readonly string[], sighting: Sighting): readonly Commitment[];
  leaveOut(commitmentIds: readonly string[] | "all", attributes: readonly ListedAttribute[]): void;
  hideYounger(ms: number): void;
  /** Listings show everything again. */
  heal(): void;
}

/** An empty shelf. `nextLagMs` says how long listings hide the next commitment. */
export function commitmentShelf(clock: Clock, nextLagMs: () => number): CommitmentShelf {
  const counters = { request: 0, commitment: 0 };
  let commitments: readonly Commitment[] = [];
  let arrivals: readonly Arrival[] = [];
  let hiddenMs = 0;
  let leftOutOfAll: readonly ListedAttribute[] = [];

  const all = () => {
    const due = arrivals.filter(({ at }) => at <= clock.now()).sort((a, b) => a.at - b.at);
    arrivals = arrivals.filter(({ at }) => at > clock.now());
    for (const { order, at } of due) landAt(at, order, [order.request.quantity]);
    return commitments;
  };

  const landAt = (at: EpochMs, order: Order, quantities: readonly number[]) => {
    if (at > order.submittedAt + order.sentUnder.maxRequestLifetimeMs) return "expired";
    const known = commitments.filter((one) => isDeduped(one, order, at));
    return known.length > 0 ? known : addAt(at, order, quantities);
  };

  const addAt = (at: EpochMs, order: Order, quantities: readonly number[]): readonly Commitment[] => {
    counters.request += 1;
    const fresh = quantities.map((quantity) => {
      counters.commitment += 1;
      const ids = { commitmentId: `c-${counters.commitment}`, requestId: `req-${counters.request}` };
      return commitmentOf(order, { ...ids, quantity, at, lagMs: nextLagMs() });
    });
    commitments = [...commitments, ...fresh];
    return fresh;
  };

  const change = (commitmentIds: readonly string[], changed: (one: Commitment) => Commitment) => {
    const isMeant = ({ commitmentId }: Commitment) => commitmentIds.includes(commitmentId);
    commitments = all().map((one) => (isMeant(one) ? changed(one) : one));
    return commitments.filter(isMeant);
  };

  const isShown = ({ visibleFrom, landedAt, sentUnder }: Commitment): boolean =>
    Math.max(visibleFrom, landedAt + Math.min(hiddenMs, sentUnder.visibilityLagMs)) <= clock.now();

  return {
    all,
    visible: () =>
      all()
        .filter(isShown)
        .map((one) => ({ ...one, leftOut: new Set([...one.leftOut, ...leftOutOfAll]) })),
    land(order, quantities) {
      all();
      return landAt(clock.now(), order, quantities);
    },
    landLater(order, afterMs) {
      arrivals = [...arrivals, { order, at: clock.now() + afterMs }];
    },
    add(order, quantities) {
      all();
      return addAt(clock.now(), order, quantities);
    },
    label: (commitmentIds, label) => change(commitmentIds, (one) => ({ ...one, label })),
    setState: (commitmentIds, sighting) =>
      change(commitmentIds, (one) => (isFinal(one.sighting) ? one : { ...one, sighting })),
    leaveOut(which, attributes) {
      if (which === "all") leftOutOfAll = attributes;
      else change(which, (one) => ({ ...one, leftOut: new Set(attributes) }));
    },
    hideYounger(ms) {
      hiddenMs = ms;
    },
    heal() {
      hiddenMs = 0;
      leftOutOfAll = [];
      commitments = commitments.map((one) => ({ ...one, leftOut: new Set() }));
    },
  };
}

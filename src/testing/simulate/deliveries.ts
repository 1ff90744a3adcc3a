import type { EmbedderHandlers } from "./embedder.js";
import type { HandlerEnd, Machines } from "./machines.js";
import type { Surroundings } from "./process.js";

/** Something that is delivered until it is acknowledged, and sometimes after that. */
export interface Delivery {
  readonly what: string;
  readonly handle: (handlers: EmbedderHandlers) => Promise<unknown>;
  /** How often it was delivered. */
  times: number;
  isAcknowledged: boolean;
  lastEnd: HandlerEnd | undefined;
}

/** After this time without an end, a call counts as lost, as a queue's visibility timeout has it. */
const UNSEEN_FOR_MS = 300_000;
const LONGEST_BACKOFF_MS = 600_000;
const DUPLICATED = 0.25;
const LONGEST_DELAY_MS = 7_200_000;

/** A queue that delivers at least once, to any process, and late. */
export function deliveries(machines: () => Machines, { time, random, calmFrom }: Omit<Surroundings, "queue">) {
  const all: Delivery[] = [];

  const deliver = (delivery: Delivery) => {
    const end = machines().call(`${delivery.what}`, delivery.handle);
    if (end === undefined) return time.after(5_000, () => deliver(delivery));
    delivery.times += 1;
    const open = { is: true };
    time.after(UNSEEN_FOR_MS, () => {
      if (open.is && !delivery.isAcknowledged) deliver(delivery);
    });
    return void end.then((how) => {
      open.is = false;
      delivery.lastEnd = how;
      const wasAcknowledged = delivery.isAcknowledged;
      if (how.kind === "acknowledged") delivery.isAcknowledged = true;
      if (!delivery.isAcknowledged) time.after(backoffOf(delivery), () => deliver(delivery));
      else if (!wasAcknowledged) duplicate(delivery);
    });
  };

  const backoffOf = ({ times }: Delivery): number => Math.min(30_000 * 2 ** (times - 1), LONGEST_BACKOFF_MS);

  /** Some messages come again although they were acknowledged. */
  const duplicate = (delivery: Delivery) => {
    if (time.clock.now() < calmFrom && random.happens(DUPLICATED))
      time.after(random.whole(1, LONGEST_DELAY_MS), () => deliver(delivery));
  };

  return {
    all: all as readonly Delivery[],
    /** Delivers something after a time. Sometimes two deliveries come at once. */
    add(what: string, handle: Delivery["handle"], afterMs: number): Delivery {
      const delivery: Delivery = { what, handle, times: 0, isAcknowledged: false, lastEnd: undefined };
      all.push(delivery);
      time.after(afterMs, () => deliver(delivery));
      if (time.clock.now() < calmFrom && random.happens(DUPLICATED))
        time.after(afterMs + random.whole(0, 50), () => deliver(delivery));
      return delivery;
    },
  };
}

import { setImmediate as nextTurn } from "node:timers/promises";
import type { EpochMs } from "../../domain/clock.js";
import { type IdempotencyContract, settleWaitMs } from "../../domain/idempotency-contract.js";
import { manualClock } from "../manual-clock.js";
import { type SimulatedCloud, simulatedCloud } from "../simulated-cloud.js";
import { checkLedger, checkReport, checkRest } from "./check-purchases.js";
import { type HandlerCall, type HandlerEnd, type Machine, machine } from "./machine.js";
import type { OrderBook } from "./order-book.js";
import { checkWiring, type LineReport, type PurchaseWiring, type PurchaseWorld } from "./purchase-wiring.js";

/** Where a process stands still while the others go on. */
export interface Stall {
  /** The point before or after a port call, counted from 1; 0 for the wire, after the last check of the sender. */
  readonly at: number;
  readonly ms: number;
}

/** What commands act on: a wiring in its world, with two machines. */
export interface PurchasePlay {
  readonly cloud: SimulatedCloud;
  now(): EpochMs;
  pass(ms: number): void;
  perform(call: HandlerCall): Promise<HandlerEnd>;
  /** Two processes get the same call at the same time. */
  performTwice(call: HandlerCall): Promise<void>;
  /** The first call stands still at a point until time has passed and the second call, by another process, has ended. */
  performStalled(first: HandlerCall, second: HandlerCall, stall: Stall): Promise<void>;
  /** Ends all faults, lets time pass and the scheduler call until everything has come to rest, and checks the books. */
  rest(book: OrderBook): Promise<void>;
  check(book: OrderBook): void;
}

/** Longer than a lease, in which the default engine's pauses lie as well. */
const LEASE_AND_MORE_MS = 130_000;
const REST_ROUNDS = 12;
/** A second call that waits for the first one's lock would wait for ever; this many turns show it. */
const PATIENCE_TURNS = 200;

/** Opens a play of a wiring over a cloud that keeps a contract. */
export async function openPlay(
  contract: IdempotencyContract,
  setUp: (world: PurchaseWorld) => PurchaseWiring | Promise<PurchaseWiring>,
): Promise<PurchasePlay & { close(): Promise<void> }> {
  const clock = manualClock();
  const wire = { pause: async () => {} };
  const cloud = simulatedCloud({ contract, clock, onWire: () => wire.pause() });
  const wiring = await setUp({ clock, cloud });
  checkWiring(wiring);
  const started = { count: 0 };
  const nextName = () => {
    started.count += 1;
    return `process-${started.count}`;
  };
  const [usual, other] = [machine(wiring, cloud, nextName), machine(wiring, cloud, nextName)];
  return {
    cloud,
    now: clock.now,
    pass: (ms) => clock.advance(ms),
    perform: usual.perform,
    performTwice: (call) => bothEnded(usual.perform(call), other.perform(call)),
    async performStalled(first, second, { at, ms }) {
      const gate = standstill(at);
      if (at === 0) wire.pause = gate.pause;
      const stalled = usual.perform({ ...first, ...(at > 0 && { pause: gate.pause }) }).finally(gate.skip);
      await Promise.race([gate.reached, stalled.catch(() => {})]);
      wire.pause = async () => {};
      clock.advance(ms);
      const meanwhile = other.perform(second);
      await Promise.race([meanwhile.catch(() => {}), turns(PATIENCE_TURNS)]);
      gate.open();
      await bothEnded(stalled, meanwhile);
    },
    check: (book) => checkLedger(book, cloud.ledger()),
    async rest(book) {
      cloud.heal();
      for (let round = 0; round < REST_ROUNDS; round += 1) {
        clock.advance(settleWaitMs(contract) + LEASE_AND_MORE_MS);
        await usual.perform({ call: (handlers) => handlers.tick() });
        checkLedger(book, cloud.ledger());
      }
      checkRest(book, cloud);
      await checkReports(book, usual, cloud);
    },
    close: async () => wiring.close?.(),
  };
}

async function checkReports({ orders }: OrderBook, { perform }: Machine, cloud: SimulatedCloud): Promise<void> {
  for (const state of orders.filter(({ submitted }) => submitted)) {
    const check = (reports: readonly LineReport[]) => checkReport(state, reports, cloud.ledger());
    await perform({ call: ({ report }) => report?.(state.order).then(check) });
  }
}

/** Waits for both, also where one fails: nothing goes on behind a failed play. */
async function bothEnded(one: Promise<unknown>, other: Promise<unknown>): Promise<void> {
  await Promise.allSettled([one, other]);
  await Promise.all([one, other]);
}

/** Stops at its n-th pause (0: at its first) until it is opened. */
function standstill(at: number) {
  const state = { pauses: 0 };
  const reached = signal();
  const opened = signal();
  return {
    reached: reached.given,
    async pause() {
      state.pauses += 1;
      if (state.pauses !== Math.max(at, 1)) return;
      reached.give();
      await opened.given;
    },
    /** The call has ended without coming so far. */
    skip: () => reached.give(),
    open: () => opened.give(),
  };
}

/** Something to wait for until it is given. */
function signal() {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

import { setImmediate as nextTurn } from "node:timers/promises";
import type { EpochMs } from "../../domain/clock.js";
import { type IdempotencyContract, settleWaitMs } from "../../domain/idempotency-contract.js";
import { manualClock } from "../manual-clock.js";
import { signal } from "../signal.js";
import { type SimulatedCloud, simulatedCloud } from "../simulated-cloud.js";
import { checkLedger, checkReport, checkRest } from "./check-purchases.js";
import { type HandlerCall, type HandlerEnd, type Machine, machine } from "./machine.js";
import type { OrderBook } from "./order-book.js";
import { checkWiring, type LineReport, type PurchaseWiring, type PurchaseWorld } from "./purchase-wiring.js";

/** Where a process stands still while the others go on. */
export interface Stall {
  /** The point before or after a port call, counted from 1. 0 means on the wire, after the sender's last check. */
  readonly at: number;
  readonly ms: number;
}

/** The state that commands act on: a wiring in its world, with two machines. */
export interface PurchasePlay {
  readonly cloud: SimulatedCloud;
  now(): EpochMs;
  pass(ms: number): void;
  perform(call: HandlerCall): Promise<HandlerEnd>;
  /** Two processes get the same call at the same time. */
  performTwice(call: HandlerCall): Promise<void>;
  /** The first call stands still at a point until time has passed and another process has ended the second call. */
  performStalled(first: HandlerCall, second: HandlerCall, stall: Stall): Promise<void>;
  /** Ends all faults, lets the scheduler call while time passes until everything is at rest, and checks the books. */
  rest(book: OrderBook): Promise<void>;
  check(book: OrderBook): void;
}

/** Longer than a lease and than the pauses of a default engine. */
const LEASE_AND_MORE_MS = 130_000;
const REST_ROUNDS = 12;
/** After this many turns, a second call counts as waiting for the first one's lock. It would wait for ever. */
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

/** Waits for both calls, even if one fails: no call may continue after a failed play. */
async function bothEnded(one: Promise<unknown>, other: Promise<unknown>): Promise<void> {
  await Promise.allSettled([one, other]);
  await Promise.all([one, other]);
}

/** A gate that stops a call at its n-th pause (0: at the first one) until the gate is opened. */
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
    /** To be called when the call has ended without reaching the pause. */
    skip: () => reached.give(),
    open: () => opened.give(),
  };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

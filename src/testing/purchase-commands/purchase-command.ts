import type { PurchaseFault } from "../simulated-cloud.js";
import type { HandlerEnd } from "./machine.js";
import type { Certainty, OrderBook, OrderState } from "./order-book.js";
import type { PurchasePlay, Stall } from "./purchase-play.js";
import type { PurchaseHandlers } from "./purchase-wiring.js";

/** One event of a play: a delivery, a decision, a crash, a fault, or time. Fast-check draws and shrinks commands. */
export interface PurchaseCommand {
  /** Whether the command makes sense in this state of the book. */
  check(book: Readonly<OrderBook>): boolean;
  run(book: OrderBook, play: PurchasePlay): Promise<void>;
  toString(): string;
}

/** An action that somebody can ask for an order. */
export type OrderAction = "submit" | "approve" | "run" | "cancel" | "pause" | "resume" | "retry";

const orderOf = (book: OrderBook, number: number): OrderState | undefined => book.orders[number];

const isSubmitted = (book: OrderBook, number: number): boolean => orderOf(book, number)?.submitted ?? false;

const during = (crashAt: number): string => (crashAt === 0 ? "" : `, dies at point ${crashAt}`);

/** Somebody asks for an action on an order. The process may die during the call. */
export const askCommand = (action: OrderAction, number: number, crashAt: number): PurchaseCommand => ({
  check: (book) => action === "submit" || isSubmitted(book, number),
  async run(book, play) {
    const state = orderOf(book, number);
    if (state === undefined) return;
    noteBefore(state, action);
    const end = await play.perform({ call: callOf(action, state), crashAt });
    noteAfter(state, action, end, play);
    play.check(book);
  },
  toString: () => `${action}(order ${number}${during(crashAt)})`,
});

const callOf =
  (action: OrderAction, { order }: OrderState) =>
  (handlers: PurchaseHandlers): Promise<unknown> | undefined =>
    handlers[action]?.(order);

/** Notes what may be bought from now on, before the call can have an effect. */
function noteBefore(state: OrderState, action: OrderAction): void {
  if (action === "submit") state.submitted = true;
  if (action === "approve") state.approved = state.approved === "yes" ? "yes" : "maybe";
  if (action === "retry") state.withdrawnAt = undefined;
}

function noteAfter(state: OrderState, action: OrderAction, end: HandlerEnd, play: PurchasePlay): void {
  if (end === "not offered") return;
  const certainty: Certainty = end === "acknowledged" ? "yes" : "maybe";
  if (action === "approve" && certainty === "yes") state.approved = "yes";
  if (action === "retry" && state.approved === "yes") state.approved = "maybe";
  if (action !== "cancel" && action !== "pause") return;
  state.withdrawn = state.withdrawn === "yes" ? "yes" : certainty;
  if (action === "cancel" && certainty === "yes") state.withdrawnAt ??= play.now();
}

/** The scheduler calls. The process may die during the call. */
export const tickCommand = (crashAt: number): PurchaseCommand => ({
  check: () => true,
  async run(book, play) {
    await play.perform({ call: (handlers) => handlers.tick(), crashAt });
    play.check(book);
  },
  toString: () => `tick(${crashAt === 0 ? "" : `dies at point ${crashAt}`})`,
});

/** One message is delivered to two processes at the same time. */
export const raceCommand = (number: number): PurchaseCommand => ({
  check: (book) => isSubmitted(book, number),
  async run(book, play) {
    const state = orderOf(book, number);
    if (state === undefined) return;
    await play.performTwice({ call: runOrTick(state) });
    play.check(book);
  },
  toString: () => `race(order ${number})`,
});

/** A process stands still while it works on an order. Time passes, and another process does the scheduler's work. */
export const stallCommand = (number: number, stall: Stall): PurchaseCommand => ({
  check: (book) => isSubmitted(book, number),
  async run(book, play) {
    const state = orderOf(book, number);
    if (state === undefined) return;
    await play.performStalled({ call: runOrTick(state) }, { call: (handlers) => handlers.tick() }, stall);
    play.check(book);
  },
  toString: () => `stall(order ${number}, ${stall.at === 0 ? "on the wire" : `at point ${stall.at}`}, ${stall.ms} ms)`,
});

const runOrTick =
  ({ order }: OrderState) =>
  (handlers: PurchaseHandlers): Promise<unknown> =>
    handlers.run?.(order) ?? handlers.tick();

/** Time passes. */
export const passCommand = (ms: number): PurchaseCommand => ({
  check: () => true,
  async run(book, play) {
    play.pass(ms);
    play.check(book);
  },
  toString: () => `pass(${ms} ms)`,
});

/** The next purchase request meets a fault. */
export const strikeCommand = (fault: PurchaseFault): PurchaseCommand => ({
  check: () => true,
  async run(_, { cloud }) {
    cloud.strike(fault);
  },
  toString: () => `strike(${fault.kind}${"ms" in fault ? ` ${fault.ms} ms` : ""})`,
});

/** Listings begin to hide commitments that are younger than `ms`. */
export const hideCommand = (ms: number): PurchaseCommand => ({
  check: () => true,
  async run(_, { cloud }) {
    cloud.hideYounger(ms);
  },
  toString: () => `hide(${ms} ms)`,
});

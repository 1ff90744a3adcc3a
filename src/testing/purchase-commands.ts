import { invalidArgument } from "../domain/input-problem.js";
import { checkKeys, type KeysOf } from "../domain/options.js";
import { purchaseFaultArbitrary } from "./arbitraries/cloud-behavior.js";
import { type Arbitrary, checkFastCheck, type FastCheck } from "./fast-check.js";
import { MAX_ORDERS, type OrderBook } from "./purchase-commands/order-book.js";
import {
  askCommand,
  hideCommand,
  type OrderAction,
  type PurchaseCommand,
  passCommand,
  raceCommand,
  stallCommand,
  strikeCommand,
  tickCommand,
} from "./purchase-commands/purchase-command.js";
import type { PurchasePlay } from "./purchase-commands/purchase-play.js";

/** Limits of what a play draws. */
export interface PurchaseCommandsOptions {
  /** The number of different orders, 1 to 9. Default 2. */
  readonly orders?: number;
  /** The largest number of commands of one play. Default 30. */
  readonly maxCommands?: number;
  /** The highest point, counted in port calls, at which a process dies or stands still; 0: no crashes. Default 40. */
  readonly maxCrashPoint?: number;
  /** Replays the commands of a failure. It is the `replayPath` that the failure printed beside its seed and path. */
  readonly replayPath?: string;
}

const KNOWN: KeysOf<PurchaseCommandsOptions> = {
  orders: true,
  maxCommands: true,
  maxCrashPoint: true,
  replayPath: true,
};

/** Times near the waits of a default engine: pause after an error, lease, age of a request, settle wait, reaper. */
const PAUSES_MS = [1_000, 31_000, 121_000, 601_000, 901_000, 1_801_000] as const;

/** The actions of people and queues, in the order of a purchase, because fast-check shrinks towards the first. */
const ACTIONS: readonly OrderAction[] = [
  ...(["submit", "submit", "approve", "approve", "approve", "run", "run", "run"] as const),
  ...(["cancel", "pause", "resume", "retry"] as const),
];

/**
 * Commands of fast-check that deliver, decide, crash, freeze, race, strike the cloud and let time pass, in any order.
 *
 * Hand the drawn commands to `playPurchases` with your wiring. A failure prints the fewest commands that show it.
 * Throws `INVALID_REQUEST` for an unknown option, and a `TypeError` for an option out of range.
 */
export function purchaseCommands(
  fc: FastCheck,
  options: PurchaseCommandsOptions = {},
): Arbitrary<Iterable<PurchaseCommand>> {
  checkFastCheck(fc);
  checkKeys("options", options, KNOWN);
  const { orders = 2, maxCommands = 30, maxCrashPoint = 40, replayPath } = options;
  checkWhole({ orders }, { from: 1, to: MAX_ORDERS });
  checkWhole({ maxCommands }, { from: 1 });
  checkWhole({ maxCrashPoint }, { from: 0 });
  const order = fc.integer({ min: 0, max: orders - 1 });
  const crashAt = fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: maxCrashPoint }) },
  );
  const stall = fc.record({
    at: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: maxCrashPoint })),
    ms: fc.constantFrom(...PAUSES_MS),
  });
  const command = fc.oneof(
    {
      weight: 12,
      arbitrary: fc.tuple(fc.constantFrom(...ACTIONS), order, crashAt).map((drawn) => askCommand(...drawn)),
    },
    { weight: 3, arbitrary: crashAt.map(tickCommand) },
    { weight: 3, arbitrary: fc.constantFrom(...PAUSES_MS).map(passCommand) },
    { weight: 4, arbitrary: purchaseFaultArbitrary(fc).map(strikeCommand) },
    { weight: 2, arbitrary: order.map(raceCommand) },
    { weight: 2, arbitrary: fc.tuple(order, stall).map((drawn) => stallCommand(...drawn)) },
    { weight: 1, arbitrary: fc.constantFrom(0, 60_000, 600_000).map(hideCommand) },
  );
  return fc.commands<OrderBook, PurchasePlay, false>([command], {
    maxCommands,
    size: "max",
    ...(replayPath !== undefined && { replayPath }),
  });
}

/** Throws `INVALID_REQUEST` if an option is not a whole number of its range. */
function checkWhole(option: Readonly<Record<string, number>>, { from, to = Number.MAX_SAFE_INTEGER }: Range): void {
  for (const [name, value] of Object.entries(option))
    if (!Number.isSafeInteger(value) || value < from || value > to)
      throw invalidArgument(name, `must be a whole number from ${from} to ${to}, got ${value}`);
}

interface Range {
  readonly from: number;
  readonly to?: number;
}

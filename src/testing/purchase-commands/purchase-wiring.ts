import type { CustomRequest } from "../../domain/commitment-request/custom.js";
import { checkKeys, functionProblems, type KeysOf, lackingProblems, refuse } from "../../domain/options.js";
import { isPlainObject } from "../../domain/plain-object.js";
import type { CommitmentProvider } from "../../providers/commitment-provider.js";
import type { AsyncPort } from "../crashing-store.js";
import type { ManualClock } from "../manual-clock.js";
import type { SimulatedCloud } from "../simulated-cloud.js";

/** One basket to be bought exactly once, however often the order is delivered. */
export interface PurchaseOrder {
  /** The key of the order, the same in every delivery. */
  readonly key: string;
  /** The lines to buy. Each line of a play has another offering, so the ledger shows the line of a commitment. */
  readonly lines: readonly CustomRequest[];
}

/** What a wiring's own books say about a line: bought, certainly not bought, or not known yet. */
export type LineReport = "bought" | "not_bought" | "open";

/**
 * The functions of one process of yours. A function that is absent is never played.
 *
 * Each function stands for one request, message or timer tick, and resolves when your code would acknowledge it. An
 * error of buyonce, also as the cause of your own error, is a refusal, which the play allows. Any other error fails the
 * play. So does an error which says that the wiring can never work, such as `INVALID_REQUEST` and
 * `PROVIDER_NOT_REGISTERED`.
 */
export interface PurchaseHandlers {
  /** Somebody orders. The same order may be delivered again at any time. */
  submit(order: PurchaseOrder): Promise<unknown>;
  /** An approver approves the order, or its latest retry. Nothing may be bought before. */
  approve(order: PurchaseOrder): Promise<unknown>;
  /** One round of your scheduler's work. Once faults are over, such rounds must bring everything to rest. */
  tick(): Promise<unknown>;
  /** A message asks to buy the order now. It may be delivered twice, and to two processes at once. */
  run?(order: PurchaseOrder): Promise<unknown>;
  /** Somebody withdraws the order. Once it resolves, nothing more of it may be bought. */
  cancel?(order: PurchaseOrder): Promise<unknown>;
  pause?(order: PurchaseOrder): Promise<unknown>;
  resume?(order: PurchaseOrder): Promise<unknown>;
  /** A person asks to retry a failed order. */
  retry?(order: PurchaseOrder): Promise<unknown>;
  /** What your books say at the end, line by line. The play compares it with the cloud's ledger. */
  report?(order: PurchaseOrder): Promise<readonly LineReport[]>;
}

/** A process that starts. Everything that it calls through these ports dies with it. */
export interface PurchaseProcess {
  /** Unique in a play, such as `process-3`. */
  readonly name: string;
  /** The provider by which this process reaches the cloud. */
  readonly provider: CommitmentProvider<CustomRequest>;
  /** Wraps a port of yours, such as a store, for this process: a crash may come before and after each call. */
  crashing<Port extends AsyncPort<Port>>(port: Port): Port;
}

/** Your code around the library, in one fresh world. */
export interface PurchaseWiring {
  /** Starts a process, at first and after each crash. Only what is kept outside this function survives a crash. */
  start(process: PurchaseProcess): PurchaseHandlers | Promise<PurchaseHandlers>;
  /** Called once at the end of the play, even if the play failed. */
  close?(): Promise<void>;
}

const WIRING: KeysOf<PurchaseWiring> = { start: true, close: true };
const HANDLERS: KeysOf<PurchaseHandlers> = {
  submit: true,
  approve: true,
  tick: true,
  run: true,
  cancel: true,
  pause: true,
  resume: true,
  retry: true,
  report: true,
};

/** Throws `INVALID_REQUEST` for a wiring with a part that would never be called. An object of a class may have more. */
export function checkWiring(wiring: PurchaseWiring): void {
  if (isPlainObject(wiring)) checkKeys("wiring", wiring, WIRING);
  refuse([
    ...functionProblems("wiring.start", wiring.start ?? null),
    ...functionProblems("wiring.close", wiring.close),
  ]);
}

/** Throws `INVALID_REQUEST` for handlers of which one would never be called. */
export function checkHandlers(handlers: PurchaseHandlers): void {
  if (isPlainObject(handlers)) checkKeys("handlers", handlers, HANDLERS);
  refuse(lackingProblems("handlers", handlers, ["submit", "approve", "tick"]));
}

/** What all processes of a play share, besides your own database. */
export interface PurchaseWorld {
  readonly clock: ManualClock;
  /** The cloud itself: its ledger is the oracle. Processes reach it by {@link PurchaseProcess.provider}. */
  readonly cloud: SimulatedCloud;
}

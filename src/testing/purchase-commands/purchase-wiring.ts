import type { CustomRequest } from "../../domain/commitment-request/custom.js";
import { checkKeys, functionProblems, type KeysOf, lackingProblems, refuse } from "../../domain/options.js";
import type { CommitmentProvider } from "../../providers/commitment-provider.js";
import type { AsyncPort } from "../crashing-store.js";
import type { ManualClock } from "../manual-clock.js";
import type { SimulatedCloud } from "../simulated-cloud.js";

/** One basket that somebody wants bought exactly once, however often the wish is delivered. */
export interface PurchaseOrder {
  /** Its key: the same in every delivery. */
  readonly key: string;
  /** What it buys; no two lines of a play have the same offering, so the ledger shows whose a commitment is. */
  readonly lines: readonly CustomRequest[];
}

/** What a wiring's own books say of a line: bought, certainly not bought, or not known yet. */
export type LineReport = "bought" | "not_bought" | "open";

/**
 * What one process of yours does; what is absent is never played.
 *
 * Each function stands for one request, message or timer tick and resolves when your code would acknowledge it. An
 * error of buyonce, also as the cause of one of your own, is a refusal and part of life. Any other error fails the play,
 * and so does one which says that the wiring can never work, such as `INVALID_REQUEST` and `PROVIDER_NOT_REGISTERED`.
 */
export interface PurchaseHandlers {
  /** Somebody orders; the same order may be delivered again at any time. */
  submit(order: PurchaseOrder): Promise<unknown>;
  /** An approver agrees, to the latest retry where there is one. Nothing may be bought before. */
  approve(order: PurchaseOrder): Promise<unknown>;
  /** One round of what your scheduler calls. With faults over, rounds of it must bring everything to rest. */
  tick(): Promise<unknown>;
  /** A message asks for the order to be bought now; it may be delivered twice, and to two processes at once. */
  run?(order: PurchaseOrder): Promise<unknown>;
  /** Somebody withdraws the order. Once it resolves, nothing more of it may be bought. */
  cancel?(order: PurchaseOrder): Promise<unknown>;
  pause?(order: PurchaseOrder): Promise<unknown>;
  resume?(order: PurchaseOrder): Promise<unknown>;
  /** A person wants what failed to be tried again. */
  retry?(order: PurchaseOrder): Promise<unknown>;
  /** What your books say at the end, line by line; compared with the cloud's ledger. */
  report?(order: PurchaseOrder): Promise<readonly LineReport[]>;
}

/** A process as the wiring sees it start: everything that it calls through these dies with it. */
export interface PurchaseProcess {
  /** Unique in a play, such as `process-3`. */
  readonly name: string;
  /** The cloud as this process reaches it. */
  readonly provider: CommitmentProvider<CustomRequest>;
  /** A port of yours, such as a store, as this process reaches it: a crash may come before and after each call. */
  crashing<Port extends AsyncPort<Port>>(port: Port): Port;
}

/** Your code around the library, in one fresh world. */
export interface PurchaseWiring {
  /** Starts a process, at first and after each crash; only what lies outside survives from one to the next. */
  start(process: PurchaseProcess): PurchaseHandlers | Promise<PurchaseHandlers>;
  /** Called once at the end of the play, also of a failed one. */
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

/** Refuses a wiring of which a part would never be called: `INVALID_REQUEST`. An object of a class may have more. */
export function checkWiring(wiring: PurchaseWiring): void {
  if (isPlain(wiring)) checkKeys("wiring", wiring, WIRING);
  refuse([
    ...functionProblems("wiring.start", wiring.start ?? null),
    ...functionProblems("wiring.close", wiring.close),
  ]);
}

/** Refuses handlers of which one would never be called, in the same way. */
export function checkHandlers(handlers: PurchaseHandlers): void {
  if (isPlain(handlers)) checkKeys("handlers", handlers, HANDLERS);
  refuse(lackingProblems("handlers", handlers, ["submit", "approve", "tick"]));
}

const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype;

/** What every process of a play shares beside your own database. */
export interface PurchaseWorld {
  readonly clock: ManualClock;
  /** The cloud itself: its ledger is the oracle. Processes reach it by {@link PurchaseProcess.provider}. */
  readonly cloud: SimulatedCloud;
}

import type { StruckCall } from "../call-effects.js";
import type { LedgerPurchase } from "../ledger.js";
import type { Principal } from "./azure-credential.js";

/** One simulated service: to add another, write a file that returns this and name it in `azure-services.ts`. */
export interface AzureService {
  readonly operations: readonly AzureOperation[];
  /** Every order it ever took, with states as of `now`. */
  commitments(now: number): readonly LedgerPurchase[];
  /** Sets the state of its order with this id from `at` on, and returns whether there is one. */
  setState(commitmentId: string, state: string, at: number): boolean;
}

/** The services whose commitments the simulator sells, as the ledger names them, and the results of their operations. */
export type AzureServiceName = "azure.reservations" | "azure.savings-plans" | "azure.operation-results" | AzureReader;

/** The services that sell nothing. */
export type AzureReader = "azure.consumption" | "azure.cost-management" | "azure.subscriptions";

/** What an operation knows about the call. */
export interface AzureCall extends StruckCall {
  readonly principal: Principal;
  /** Where the client believes the server to be, such as `https://management.azure.com`: links in answers start so. */
  readonly origin: string;
  readonly path: string;
  /** What the braces in the path stand for. */
  readonly ids: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON of the body; `undefined` if there is none. */
  readonly body: unknown;
}

/** What an operation answers. */
export interface AzureAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent for an answer without content. */
  readonly body?: object;
}

/**
 * One operation and where it is found.
 *
 * `run` is synchronous, so calls never interleave and each takes effect in one moment. To refuse, it throws
 * `SimulatedError` and changes nothing.
 */
export interface AzureOperation {
  readonly name: string;
  readonly service: AzureServiceName;
  readonly method: "GET" | "PUT" | "POST";
  /** Such as `/providers/Microsoft.Capacity/reservationOrders/{reservationOrderId}`, met in any case. */
  readonly path: string;
  run(call: AzureCall): AzureAnswer;
}

/** An id out of the path. */
export function idOf({ ids }: AzureCall, name: string): string {
  return ids[name] ?? "";
}

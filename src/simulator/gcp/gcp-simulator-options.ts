import * as z from "zod/mini";
import type { KeysOf } from "../../domain/options.js";
import type { SimulatorClock } from "../clock.js";
import { MINUTE_MS, milliseconds, readSettings } from "../read-settings.js";
import {
  type CommitmentRecommendation,
  commitmentRecommendationSchema,
} from "./recommender/commitment-recommendation.js";
import { type ResourceUsage, resourceUsageSchema, type SpendUsage, spendUsageSchema } from "./recommender/usage.js";
import { projectSchema, type SimulatedProject } from "./resource-manager/simulated-project.js";

/** What a principal may do; what is left out is not restricted. */
export interface PrincipalAccess {
  /** The ids of the projects it may use. */
  readonly projects?: readonly string[] | undefined;
  /** The permissions it has there, such as `compute.commitments.create`. */
  readonly permissions?: readonly string[] | undefined;
}

/** How the simulated services behave, with every default filled in. Times are in the simulator's milliseconds. */
export interface GcpSettings {
  /** How long an insert or an order runs. Default 0: it runs when it is answered, and is done at the first poll. */
  readonly operationMs: number;
  /** How long a request id is remembered. Compute Engine states no figure. Default: 60 minutes. */
  readonly requestIdMemoryMs: number;
  /**
   * The answer to a remembered request id with another request. Documented is that the other request is ignored.
   * Default: `return-original`.
   */
  readonly changedRequestUnderId: "return-original" | "invalid";
  /** Whether an insert whose operation failed leaves its name taken. Undocumented. Default: no. */
  readonly failedInsertKeepsName: boolean;
  /** Whether a commitment or order is shown while its insert or order runs. Undocumented. Default: no. */
  readonly visibleWhileRunning: boolean;
  /** When the term of a new commitment starts. Default: at the next midnight UTC-8. */
  readonly activation: "next-day" | "at-once";
  /** The most memory a general-purpose commitment may have per vCPU. Default: 6656 MB, which is 6.5 GB. */
  readonly maxMemoryMbPerVcpu: number;
  /**
   * Whether a commitment of local SSDs needs reservations. Google wants them for most local SSDs, and judges for which.
   * Default: yes.
   */
  readonly localSsdNeedsReservation: boolean;
  /** Whether Compute Engine's errors carry a `status` besides their `code`. Default: yes. */
  readonly errorStatusField: boolean;
  /** How Compute Engine's errors write their `code`. Default: `number`. */
  readonly errorCodeAs: "number" | "string";
  /** How long the request id of an order is remembered. Documented is at least a day. Default: 24 hours. */
  readonly orderRequestIdMemoryMs: number;
  /**
   * The answer to an order whose request id is remembered. Documented is that the order is ignored. Default:
   * `original-operation`.
   */
  readonly repeatedOrderAnswer: "original-operation" | "ALREADY_EXISTS";
  /**
   * Whether the billing accounts have opted in to the new model of spend-based committed use discounts. An offer of the
   * other model is refused. Default: `after`.
   */
  readonly cudModel: "before" | "after";
  /** Whether a spend-based commitment renews itself until that is changed. Undocumented. Default: no. */
  readonly ordersRenew: boolean;
  /** What the Recommender answers to an etag that is out of date. Undocumented. Default: `ABORTED`, which is a 409. */
  readonly staleEtagError: "ABORTED" | "FAILED_PRECONDITION";
  /** Whether a recommendation that succeeded or failed may be claimed; Google says both. Default: no. */
  readonly claimAfterOutcome: boolean;
  /** Puts an empty page with a token before each page that has rows, in every listing. Default: no. */
  readonly emptyPages: boolean;
  /**
   * What each principal may do. A service account `…@PROJECT.iam.gserviceaccount.com` may use its own project alone unless
   * its projects are named here; nobody else is restricted.
   */
  readonly principals: Readonly<Record<string, PrincipalAccess>>;
  /** Recommendations besides the seeded ones. */
  readonly recommendations: readonly CommitmentRecommendation[];
  /** Whether every project has recommendations in every region from the start. Default: yes. */
  readonly seedRecommendations: boolean;
  /** What projects use all the time. What their commitments lack of it is recommended to them. */
  readonly usage: readonly ResourceUsage[];
  /** What billing accounts spend all the time. What their orders lack of it is recommended to them. */
  readonly spending: readonly SpendUsage[];
  /** The regions that Compute Engine lists. Default: four of them. */
  readonly regions: readonly string[];
  /** The projects that the Resource Manager finds, in this order. Other projects work as well. */
  readonly projects: readonly SimulatedProject[];
}

const principalAccessSchema = z.strictObject({
  projects: z.optional(z.array(z.string())),
  permissions: z.optional(z.array(z.string())),
});

const gcpSimulatorOptionsSchema: z.ZodMiniType<GcpSettings> = z.strictObject({
  operationMs: z._default(milliseconds, 0),
  requestIdMemoryMs: z._default(milliseconds, 60 * MINUTE_MS),
  changedRequestUnderId: z._default(z.enum(["return-original", "invalid"]), "return-original"),
  failedInsertKeepsName: z._default(z.boolean(), false),
  visibleWhileRunning: z._default(z.boolean(), false),
  activation: z._default(z.enum(["next-day", "at-once"]), "next-day"),
  maxMemoryMbPerVcpu: z._default(z.int().check(z.positive()), 6656),
  localSsdNeedsReservation: z._default(z.boolean(), true),
  errorStatusField: z._default(z.boolean(), true),
  errorCodeAs: z._default(z.enum(["number", "string"]), "number"),
  orderRequestIdMemoryMs: z._default(milliseconds, 24 * 60 * MINUTE_MS),
  repeatedOrderAnswer: z._default(z.enum(["original-operation", "ALREADY_EXISTS"]), "original-operation"),
  cudModel: z._default(z.enum(["before", "after"]), "after"),
  ordersRenew: z._default(z.boolean(), false),
  staleEtagError: z._default(z.enum(["ABORTED", "FAILED_PRECONDITION"]), "ABORTED"),
  claimAfterOutcome: z._default(z.boolean(), false),
  emptyPages: z._default(z.boolean(), false),
  principals: z._default(z.record(z.string(), principalAccessSchema), {}),
  recommendations: z._default(z.array(commitmentRecommendationSchema), []),
  seedRecommendations: z._default(z.boolean(), true),
  usage: z._default(z.array(resourceUsageSchema), []),
  spending: z._default(z.array(spendUsageSchema), []),
  regions: z._default(z.array(z.string().check(z.minLength(1))), [
    "us-central1",
    "us-east1",
    "europe-west1",
    "asia-east1",
  ]),
  projects: z._default(z.array(projectSchema), []),
});

/** How to start a simulator. */
export type GcpSimulatorOptions = { readonly [Name in keyof GcpSettings]?: GcpSettings[Name] | undefined } & {
  /** The time as the simulator knows it; the machine's clock unless given. */
  readonly clock?: SimulatorClock;
};

/** The names of the options of a simulator. */
export const GCP_OPTIONS: KeysOf<GcpSimulatorOptions> = {
  operationMs: true,
  requestIdMemoryMs: true,
  changedRequestUnderId: true,
  failedInsertKeepsName: true,
  visibleWhileRunning: true,
  activation: true,
  maxMemoryMbPerVcpu: true,
  localSsdNeedsReservation: true,
  errorStatusField: true,
  errorCodeAs: true,
  orderRequestIdMemoryMs: true,
  repeatedOrderAnswer: true,
  cudModel: true,
  ordersRenew: true,
  staleEtagError: true,
  claimAfterOutcome: true,
  emptyPages: true,
  principals: true,
  recommendations: true,
  seedRecommendations: true,
  usage: true,
  spending: true,
  regions: true,
  projects: true,
  clock: true,
};

/** Fills in the defaults; throws `TypeError` for an option that is unknown or out of range. */
export function readGcpSettings(options: unknown): GcpSettings {
  return readSettings(gcpSimulatorOptionsSchema, options);
}

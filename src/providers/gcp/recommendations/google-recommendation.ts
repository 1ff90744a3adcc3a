import * as z from "zod/mini";
import type { EpochMs } from "../../../domain/clock.js";
import type { ReportedFigures } from "../../../domain/recommendation.js";
import { nonBlankSchema } from "../../../domain/text.js";
import { parseAnswer } from "../../parse-answer.js";
import { lastPart } from "../last-part.js";
import { KNOWN_STATES, stateOf } from "../recommendation-state.js";
import { figuresOf, impactSchema } from "./cost-figures.js";
import { timeOf, timestampSchema } from "./proto-time.js";
import { plainStruct, plainValue } from "./struct-value.js";

/** One change that a recommendation asks for. */
export interface RecommendedOperation {
  /** Such as `add`. */
  readonly action: string;
  readonly resourceType: string;
  /** The full name of what it is about. */
  readonly resource: string;
  /** Where the value belongs in the resource; `/` is all of it. */
  readonly path: string;
  readonly value: unknown;
  /** Whether it is for some parts of the resource alone, by filters that are not read. */
  readonly isFiltered: boolean;
}

/** A recommendation of the Recommender API, with all values as JSON. */
export interface GoogleRecommendation {
  /** The full name. */
  readonly name: string;
  /** The last part of the name. */
  readonly id: string;
  /** With its own double quotes. */
  readonly etag: string;
  readonly description: string;
  /** Such as `PROJECT_SCOPED_COMMITMENTS`; empty if there is none. */
  readonly subtype: string;
  /** How it was computed, such as `LOW_WATERMARK`. Null where Google does not say. */
  readonly algorithm: string | null;
  readonly overview: unknown;
  readonly operations: readonly RecommendedOperation[];
  readonly figures: ReportedFigures;
  readonly refreshedAt: EpochMs | null;
  /** All of it, as it was answered. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

const text = z.pipe(
  z.nullish(z.string()),
  z.transform((value) => value ?? ""),
);

const operationSchema = z.object({
  action: text,
  resourceType: text,
  resource: text,
  path: text,
  value: z.unknown(),
  pathFilters: z.nullish(z.record(z.string(), z.unknown())),
  pathValueMatchers: z.nullish(z.record(z.string(), z.unknown())),
});

const stateful = z.object({
  stateInfo: z.object({ state: z.union([z.string(), z.number()], "must be a string or a number") }),
});

const recommendationSchema = z.object({
  name: z.string().check(z.minLength(1)),
  etag: z.string().check(z.minLength(1)),
  description: text,
  recommenderSubtype: text,
  lastRefreshTime: z.nullish(timestampSchema),
  primaryImpact: z.nullish(impactSchema),
  content: z.nullish(
    z.object({
      overview: z.unknown(),
      operationGroups: z.nullish(z.array(z.object({ operations: z.nullish(z.array(operationSchema)) }))),
    }),
  ),
});

const overviewSchema = z.object({ algorithm: nonBlankSchema() });

/**
 * Reads a row of a listing; `undefined` for a recommendation that is not active.
 *
 * Throws for a row that is no recommendation, and for a state that is not known: it may stand for one that is active.
 */
export function readActive(row: unknown): GoogleRecommendation | undefined {
  // The clients answer with objects that hold 64-bit numbers of their own kind. In JSON, these are text.
  const answer = JSON.parse(JSON.stringify(row ?? null)) as Readonly<Record<string, unknown>>;
  const state = stateOf(parseAnswer(stateful, answer, "recommendation"));
  if (!KNOWN_STATES.has(state)) throw new Error(`the answer has a recommendation in the unknown state ${state}`);
  if (state !== "ACTIVE") return undefined;
  const read = parseAnswer(recommendationSchema, answer, "recommendation");
  const { name, etag, description, recommenderSubtype: subtype, lastRefreshTime, content } = read;
  const overview = plainStruct(content?.overview);
  const operations = (content?.operationGroups ?? []).flatMap((group) => group.operations ?? []).map(readOperation);
  return {
    ...{ name, etag, description, subtype, overview, operations },
    id: lastPart(name),
    algorithm: overviewSchema.safeParse(overview).data?.algorithm ?? null,
    figures: figuresOf(read.primaryImpact),
    refreshedAt: lastRefreshTime == null ? null : timeOf(lastRefreshTime),
    evidence: { ...answer, content: { overview, operations } },
  };
}

function readOperation(operation: z.infer<typeof operationSchema>): RecommendedOperation {
  const { action, resourceType, resource, path, value, pathFilters, pathValueMatchers } = operation;
  const isFiltered = Object.keys({ ...pathFilters, ...pathValueMatchers }).length > 0;
  return { action, resourceType, resource, path, value: plainValue(value), isFiltered };
}

import * as z from "zod/mini";
import { LONGEST_SPAN_MS } from "../domain/bounds.js";
import { CONTRACT_KINDS } from "../domain/idempotency-contract.js";
import { moneySchema } from "../domain/money.js";
import { once } from "../domain/once.js";
import { textSchema } from "../domain/text.js";

/**
 * The longest id, name or lane. Every one that a cloud gives fits, and an index of PostgreSQL holds it in any script.
 */
const MAX_ID_CHARACTERS = 500;
// The last moment that a date can express.
const END_OF_TIME_MS = 8_640_000_000_000_000;

/** An id, name or lane as every store can index it. */
export const idSchema = once(() => textSchema().check(z.minLength(1), z.maxLength(MAX_ID_CHARACTERS)));

const word = once(() => z.string().check(z.minLength(1), z.maxLength(2_000)));
const idsSchema = once(() =>
  z.array(idSchema()).check(
    z.minLength(1),
    z.maxLength(1_000),
    z.refine((ids) => new Set(ids).size === ids.length, "must not name an id twice"),
  ),
);
const timeSchema = once(() => z.number().check(z.gte(-END_OF_TIME_MS), z.lte(END_OF_TIME_MS)));

/** What a sighting is. */
export const sightingSchema = once(() =>
  z.strictObject({
    meaning: z.enum(["live", "pending", "ended", "void", "unclear"]),
    state: z.optional(word()),
    became: z.optional(word()),
  }),
);

/** An answer of `lookup`. */
export const existingSchema = once(() =>
  z.strictObject({
    commitmentIds: idsSchema(),
    startedAt: z.optional(timeSchema()),
    charge: z.optional(moneySchema()),
    labeled: z.boolean(),
    sighting: z.optional(sightingSchema()),
    differences: z.array(word()).check(z.maxLength(1_000)),
  }),
);

/** An answer of `inventory`. */
export const inventorySchema = once(() =>
  z
    .array(
      z.strictObject({
        commitmentId: idSchema(),
        quantity: z.optional(z.number().check(z.nonnegative(), z.lte(Number.MAX_SAFE_INTEGER))),
        startedAt: z.optional(timeSchema()),
        charge: z.optional(moneySchema()),
        token: z.optional(word()),
        sighting: z.optional(sightingSchema()),
        maybe: z.optional(word()),
        madeFrom: z.optional(z.array(idSchema())),
      }),
    )
    .check(
      z.maxLength(100_000),
      z.refine((items) => new Set(items.map(({ commitmentId }) => commitmentId)).size === items.length, {
        error: "must not list an id twice",
      }),
    ),
);

/** An answer of `prepare`. */
export const preparedSchema = once(() =>
  z.strictObject({
    reference: word(),
    lane: z.optional(idSchema()),
    snapshot: z.optional(z.array(idSchema()).check(z.maxLength(100_000))),
    price: z.optional(moneySchema()),
    detail: z.optional(z.record(z.string(), z.unknown())),
  }),
);

/**
 * The commitment in an answer of `purchase`. A field that cannot be read is left out, because the id of a commitment that
 * exists is evidence that must not be lost.
 */
export const answeredSchema = once(() =>
  z.object({
    commitmentIds: z.array(idSchema()).check(z.minLength(1), z.maxLength(1_000)),
    formerIds: z.catch(z.optional(z.array(idSchema())), undefined),
    startedAt: z.catch(z.optional(timeSchema()), undefined),
    charge: z.catch(z.optional(moneySchema()), undefined),
    adopted: z.catch(z.optional(z.boolean()), undefined),
  }),
);

/** The refusal in an answer of `purchase`. */
export const rejectionSchema = once(() =>
  z.object({
    code: word().check(z.maxLength(200)),
    message: z.string().check(z.maxLength(10_000)),
    details: z.catch(z.optional(z.record(z.string(), z.unknown())), undefined),
    persistent: z.catch(z.optional(z.boolean()), undefined),
    hint: z.catch(z.optional(word()), undefined),
  }),
);

/** An answer of `label`. */
export const labelSchema = once(() =>
  z.strictObject({
    commitmentIds: idsSchema(),
    charge: z.optional(moneySchema()),
    sighting: z.optional(sightingSchema()),
  }),
);

/** An answer of `cancelQueued`. */
export const withdrawalSchema = once(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("withdrawn") }),
    z.strictObject({ kind: z.literal("started"), state: word() }),
  ]),
);

const span = once(() => z.number().check(z.gte(0), z.lte(LONGEST_SPAN_MS)));
/** What a provider declares of its idempotency. */
export const contractSchema = once(() =>
  z
    .object({
      kind: z.enum(CONTRACT_KINDS),
      windowMs: z.nullable(span()),
      maxRequestLifetimeMs: span(),
      visibilityLagMs: span(),
      clockSkewMs: span(),
    })
    .check(
      z.refine(({ kind, windowMs }) => kind !== "none" || windowMs === 0, {
        path: ["windowMs"],
        error: 'must be 0 under contract "none", which remembers nothing',
      }),
    ),
);

import * as z from "zod/mini";
import { once } from "../once.js";
import { nonBlankSchema, textSchema } from "../text.js";
import { type CommonRequest, commonShape } from "./common.js";

/**
 * A commitment of a service that buyonce does not know, bought by a provider of the caller's own.
 *
 * `offering` holds everything that this provider needs to find the offering. It is part of the fingerprint.
 */
export interface CustomRequest extends CommonRequest {
  /** `custom.<name>`, so that it can never be taken for a built-in service. */
  readonly service: `custom.${string}`;
  readonly offering: Readonly<Record<string, string | number | boolean>>;
}

const name = once(() => nonBlankSchema().check(z.trim(), z.maxLength(200)));

/** Parses {@link CustomRequest}. */
export const customSchema = once(() =>
  z.strictObject({
    service: z.templateLiteral(
      ["custom.", z.string().check(z.regex(/^[a-z0-9][a-z0-9.-]{0,60}$/))],
      'must be "custom." and a name of small letters, digits, "." and "-", at most 61 characters',
    ),
    account: name(),
    region: name(),
    ...commonShape(),
    offering: z.record(
      textSchema(),
      z.union([textSchema(), z.number(), z.boolean()], "must be a string, a number or a boolean"),
    ),
  }),
);

import * as z from "zod/mini";
import { once } from "../once.js";

/** A region of Google Cloud such as `us-central1`. */
export const gcpRegionSchema = once(() =>
  z.string().check(z.regex(/^[a-z]+-[a-z]+[0-9]{1,2}$/, 'must be a region of Google Cloud such as "us-central1"')),
);

/** A name at Google: printable characters without blanks. */
export const gcpNameSchema = (what: string) =>
  z.string().check(z.minLength(1), z.maxLength(500), z.regex(/^[\x21-\x7e]+$/, `must be ${what}`));

import * as z from "zod/mini";
import { once } from "./once.js";

/** Text that every store and every cloud accepts: no control characters, no lone surrogates. */
export const textSchema = once(() =>
  z.string().check(
    z.regex(/^\P{Cc}*$/u, "must not contain control characters"),
    z.refine((text) => text.isWellFormed(), "must be well-formed Unicode"),
  ),
);

/** A visible character: neither white space nor an invisible character such as a zero-width space. */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/** Such a text with at least one visible character. */
export const nonBlankSchema = once(() => textSchema().check(z.regex(VISIBLE, "must not be blank")));

/** Free text as every database can store it, with U+FFFD for NUL characters and lone surrogates. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll("\0", "\uFFFD");

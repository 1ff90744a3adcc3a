import * as z from "zod/mini";
import { once } from "./once.js";

/** Text that every store and every cloud takes: no control characters, no lone surrogates. */
export const textSchema = once(() =>
  z.string().check(
    z.regex(/^\P{Cc}*$/u, "must not contain control characters"),
    z.refine((text) => text.isWellFormed(), "must be well-formed Unicode"),
  ),
);

/** A character that can be seen: neither white space nor one that stands for nothing, such as a zero-width space. */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}]/u;

/** Such a text that says something: at least one of its characters can be seen. */
export const nonBlankSchema = once(() => textSchema().check(z.regex(VISIBLE, "must not be blank")));

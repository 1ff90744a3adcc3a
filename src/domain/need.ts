import * as z from "zod/mini";
import { once } from "./once.js";
import { nonBlankSchema } from "./text.js";

/** What a line covers, so that no other line is bought for the same need unasked. */
export interface Need {
  /** The same for all lines that cover the same: a SHA-256 as 64 hex characters. */
  readonly key: string;
  /** For how long a purchase keeps others of the same need from being approved. */
  readonly windowMs: number;
  /** Why the line may be bought although the need is covered. Null if it may not. */
  readonly allowOverlap: string | null;
}

/** A person's reason to buy although the need is covered. */
export interface AllowOverlap {
  readonly reason: string;
}

/** Parses {@link AllowOverlap}. */
export const allowOverlapSchema = once(() => z.strictObject({ reason: nonBlankSchema().check(z.maxLength(500)) }));

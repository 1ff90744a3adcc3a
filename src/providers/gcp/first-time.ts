import type { EpochMs } from "../../domain/clock.js";

/** The first of some texts that is a time. */
export const firstTime = (...texts: readonly (string | null | undefined)[]): EpochMs | undefined =>
  texts.map((text) => Date.parse(text ?? "")).find((time) => !Number.isNaN(time));

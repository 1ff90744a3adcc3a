import type { LineProgress, PurchaseLine } from "../../domain/execution.js";

/** The lines after some of them are changed. */
export const linesWith = (
  lines: readonly PurchaseLine[],
  changes: readonly { readonly index: number; readonly progress: Partial<LineProgress> }[],
): readonly PurchaseLine[] =>
  lines.map((line) => ({ ...line, ...changes.find(({ index }) => index === line.index)?.progress }));

import type { Migration } from "../../../schema/migration.js";
import { initial } from "./0001-initial.js";
import { compatibleFrom } from "./0002-compatible-from.js";
import { historyTerms } from "./0003-history-terms.js";
import { slimExecutions } from "./0004-slim-executions.js";
import { withdrawnLines } from "./0005-withdrawn-lines.js";
import { freshExecutions } from "./0006-fresh-executions.js";
import { guards } from "./0007-guards.js";
import { recommendations } from "./0008-recommendations.js";
import { feed } from "./0009-feed.js";

/** Every migration that this version knows, in the order of their numbers, without gaps. */
export const ALL_MIGRATIONS: readonly Migration[] = [
  initial,
  compatibleFrom,
  historyTerms,
  slimExecutions,
  withdrawnLines,
  freshExecutions,
  guards,
  recommendations,
  feed,
];

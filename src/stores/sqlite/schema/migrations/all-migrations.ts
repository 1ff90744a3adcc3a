import type { Migration } from "../../../schema/migration.js";
import { initial } from "./0001-initial.js";

/** Every migration that this version knows, in the order of their numbers, without gaps. */
export const ALL_MIGRATIONS: readonly Migration[] = [initial];

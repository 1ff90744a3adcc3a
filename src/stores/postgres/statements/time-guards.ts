import type { ChangeGuard } from "../../../store-port/execution-store.js";

/** The names of two parameters, see {@link timeParameters}. */
interface TimeParameters {
  readonly after: string;
  readonly before: string;
}

/** SQL for the whole milliseconds since 1970, by the clock that goes on while a statement waits. */
const NOW_MS = "floor(extract(epoch from clock_timestamp()) * 1000)::float8";

/**
 * SQL for whether the clock reads later than one time and earlier than another. Times are numbers here, because either
 * may be infinite.
 */
export const timeGuards = ({ after, before }: TimeParameters): string =>
  `(${after}::float8 is null or ${NOW_MS} > ${after}::float8)
          and (${before}::float8 is null or (${NOW_MS} < ${before}::float8 and ${before}::float8 <> 'NaN'))`;

/** The times of a guard as two consecutive parameters: after, before. */
export const timeParameters = ({ after, before }: ChangeGuard): readonly unknown[] => [after ?? null, before ?? null];

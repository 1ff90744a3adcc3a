/** The parameters of a guard that name times, each of which may be null. */
interface TimeParameters {
  readonly after: string;
  readonly before: string;
}

/**
 * SQL for whether the clock reads later than one time and earlier than another, in whole milliseconds as all times here.
 *
 * By `clock_timestamp()`, which goes on while the statement waits for a lock.
 */
export const timeGuards = ({ after, before }: TimeParameters): string =>
  `(${after}::text is null or date_trunc('milliseconds', clock_timestamp()) > ${after}::text::timestamptz)
          and (${before}::text is null or clock_timestamp() < ${before}::text::timestamptz)`;

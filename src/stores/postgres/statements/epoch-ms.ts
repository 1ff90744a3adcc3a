/** SQL for a time as milliseconds since 1970, which reads the same in every session's time zone. */
export const epochMs = (time: string): string => `floor(extract(epoch from ${time}) * 1000)`;

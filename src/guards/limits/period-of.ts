import type { EpochMs } from "../../domain/clock.js";
import type { StoredLimit } from "../../store-port/limits.js";

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The period of a limit that a moment falls in: `2027-03-31`, `2027-03` or `2027` by the calendar of its time zone, or
 * the start of a span in milliseconds since 1970.
 */
export function periodOf({ per, timeZone }: Pick<StoredLimit, "per" | "timeZone">, moment: EpochMs): string {
  if (typeof per === "number") return String(Math.floor(moment / per) * per);
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  );
  const year = String(parts.get("year")).padStart(4, "0");
  const names = {
    year,
    month: `${year}-${parts.get("month")}`,
    day: `${year}-${parts.get("month")}-${parts.get("day")}`,
  };
  return names[per];
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}

import type { Clock } from "../../domain/clock.js";

/** What happened in a simulation, one line for each event, with the time since its start. */
export interface Trace {
  note(what: string): void;
  /** Notes something that may come again and again only the first time. */
  noteOnce(what: string): void;
  readonly lines: readonly string[];
}

/** An empty trace that starts now. */
export function traceOf(clock: Clock): Trace {
  const startedAt = clock.now();
  const lines: string[] = [];
  const noted = new Set<string>();
  const note = (what: string) => void lines.push(`${elapsed(clock.now() - startedAt)} ${what}`);
  return {
    note,
    noteOnce(what) {
      if (noted.has(what)) return;
      noted.add(what);
      note(what);
    },
    lines,
  };
}

/** `27:03:12.045` for hours, minutes, seconds and milliseconds. */
function elapsed(ms: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const seconds = Math.floor(ms / 1_000);
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${two(h)}:${two(m)}:${two(s)}.${String(ms % 1_000).padStart(3, "0")}`;
}

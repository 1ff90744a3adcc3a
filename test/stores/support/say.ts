import { writeSync } from "node:fs";

/** Prints a line of JSON for the parent before anything else happens in this process. */
export function say(line: unknown): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Gives a file a new content at once, also for whoever reads it at this moment. */
export function replaceFile(file: string, content: string): void {
  const draft = writeDraft(file, content);
  try {
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * Writes what a file is going to be beside it, and returns where. Readable by its owner only.
 *
 * Synced, because after a power failure an empty file would be found in its place.
 */
export function writeDraft(file: string, content: string): string {
  const draft = `${file}.${randomUUID()}.draft`;
  const descriptor = openSync(draft, "wx", 0o600);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return draft;
}

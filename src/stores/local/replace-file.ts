import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Replaces the content of a file at once. A process that reads the file at this moment sees the old or the new content
 * as a whole.
 */
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
 * Writes the future content of a file to a draft beside it, and returns the draft's path. Only its owner can read the
 * draft.
 *
 * The draft is synced. Otherwise a power failure could leave an empty file in its place.
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

import type { StoredRecord } from "../law/stored-record.js";

/** One stored execution, with its place in the order of creation. */
export interface MemoryRecord extends StoredRecord {
  /** Insertion order, to break ties of equal times. */
  readonly order: number;
}

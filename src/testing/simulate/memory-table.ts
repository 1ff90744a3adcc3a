import type { EmbedderTable } from "./embedder.js";

/** A table in memory. Values are kept as JSON, as a database would keep them. */
export function memoryTable(): EmbedderTable {
  const rows = new Map<string, string>();
  const set = (key: string, value: unknown) => void rows.set(key, JSON.stringify(value) ?? "null");
  return {
    async get(key) {
      const row = rows.get(key);
      return row === undefined ? undefined : (JSON.parse(row) as unknown);
    },
    set: async (key, value) => set(key, value),
    async insert(key, value) {
      if (rows.has(key)) return false;
      set(key, value);
      return true;
    },
    delete: async (key) => void rows.delete(key),
    keys: async () => [...rows.keys()],
  };
}

import { BuyonceError } from "../../../domain/errors.js";

/** Lets those who write to one file do so one after the other, in the order in which they came. */
export interface FileTurns {
  /**
   * Waits for a turn, and returns how it ends. Throws `STORE_BUSY` if one and the same turn of another lasts for the
   * whole time.
   */
  take(patienceMs: number): Promise<() => void>;
  /** Takes a turn at once, if nobody has one. */
  takeNow(): (() => void) | undefined;
}

const turnsOfFiles = new Map<string, FileTurns>();

/** The turns of a file in this process, by its real path. All connections to the file share them. */
export function turnsOf(file: string): FileTurns {
  const known = turnsOfFiles.get(file) ?? fileTurns(file);
  turnsOfFiles.set(file, known);
  return known;
}

function fileTurns(file: string): FileTurns {
  const waiting: (() => void)[] = [];
  let isTaken = false;
  let begun = 0;

  const end = (): void => {
    const next = waiting.shift();
    if (next === undefined) isTaken = false;
    else next();
  };
  const begin = (): (() => void) => {
    isTaken = true;
    begun += 1;
    let isOver = false;
    return () => {
      if (!isOver) end();
      isOver = true;
    };
  };
  const wait = (patienceMs: number): Promise<() => void> =>
    new Promise((resolve, reject) => {
      const giveUpUnlessMoved = (seen: number) => {
        if (begun !== seen) {
          timer = setTimeout(giveUpUnlessMoved, patienceMs, begun);
          return;
        }
        waiting.splice(waiting.indexOf(turn), 1);
        reject(transactionHolds(file, patienceMs));
      };
      const turn = () => {
        clearTimeout(timer);
        resolve(begin());
      };
      let timer = setTimeout(giveUpUnlessMoved, patienceMs, begun);
      waiting.push(turn);
    });

  return {
    take: async (patienceMs) => (isTaken ? await wait(patienceMs) : begin()),
    takeNow: () => (isTaken ? undefined : begin()),
  };
}

/** `STORE_BUSY` because this process itself keeps the file. */
const transactionHolds = (file: string, patienceMs: number): BuyonceError =>
  new BuyonceError(
    "STORE_BUSY",
    `Nothing was stored: a transaction of this process has been open on ${file} for more than ${patienceMs} ms. Inside sqliteTransaction, use only the store that it hands over (engine.withStore(store)).`,
    { details: { file } },
  );

/** `STORE_BUSY` because somebody else keeps the file. */
export const fileIsBusy = (file: string, patienceMs: number, cause: unknown): BuyonceError =>
  new BuyonceError(
    "STORE_BUSY",
    `Nothing was stored: another transaction has kept ${file} locked for more than ${patienceMs} ms. Look for a connection that leaves a transaction open.`,
    { cause, details: { file } },
  );

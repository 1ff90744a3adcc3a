import type { ExecutionChange, LineChange } from "../../../../src/store-port/execution-store.js";
import { type Sabotage, withChange, withLines } from "./sabotage.js";

const HELD = "an accepted price holds the difference, and a lower one as much as before";
const REFUSED = "an accepted price that a limit does not allow, or cannot count, changes nothing";

const unheld = ({ acceptsPrice: _, ...line }: LineChange): LineChange => line;

const withUnheld = (forgets: (change: ExecutionChange, line: LineChange) => boolean): Sabotage["build"] =>
  withChange((change) => withLines(change, (line) => (forgets(change, line) ? unheld(line) : line)));

/** Stores that hold accepted prices otherwise than the law says. */
export const priceSabotages: readonly Sabotage[] = [
  { fault: "does not hold accepted prices", noticedBy: HELD, build: withUnheld(() => true) },
  {
    fault: "holds only the first of the accepted prices",
    noticedBy: HELD,
    build: withUnheld((_, { index }) => index > 0),
  },
  {
    fault: "holds no accepted price above a limit",
    noticedBy: REFUSED,
    build: withUnheld((_, { progress }) => Number(progress.priceDrift?.found.amount) > 90),
  },
  {
    fault: "accepts a price in another currency unheld",
    noticedBy: REFUSED,
    build: withUnheld((_, { progress }) => progress.priceDrift?.found.currency !== "USD"),
  },
];

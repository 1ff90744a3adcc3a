import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { copyOf } from "./copy-of.js";

/**
 * The same copy as {@link copyOf} makes, in half the time. Code that spreads objects of one shape copies them as a
 * block.
 *
 * It matters if a basket is large, because the answer to a change of one line may hold all lines.
 */
export const copyExecution = ({ lease, plan, approvers, lines, ...execution }: Execution): Execution => ({
  ...execution,
  lease: lease && { ...lease },
  plan: plan && { ...plan },
  approvers: [...approvers],
  lines: lines.map(copyLine),
});

function copyLine(line: PurchaseLine): PurchaseLine {
  const {
    request,
    need,
    sentUnder,
    prepared,
    commitment,
    rejection,
    doubt,
    lastError,
    withdrawn,
    saidAbsent,
    priceDrift,
  } = line;
  return {
    ...line,
    request: copyOf(request),
    need: need && { ...need },
    sentUnder: sentUnder && { ...sentUnder },
    prepared: prepared && copyOf(prepared),
    commitment: commitment && copyOf(commitment),
    rejection: rejection && copyOf(rejection),
    doubt: doubt && copyOf(doubt),
    lastError: lastError && copyOf(lastError),
    withdrawn: withdrawn && copyOf(withdrawn),
    saidAbsent: saidAbsent && copyOf(saidAbsent),
    priceDrift: priceDrift && copyOf(priceDrift),
  };
}

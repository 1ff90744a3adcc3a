import { approvalSabotages } from "./sabotaged-stores/approvals.js";
import { approvalCountSabotages } from "./sabotaged-stores/approvals-needed.js";
import { batchSabotages, claiming, sweeping } from "./sabotaged-stores/batches.js";
import { changeSabotages } from "./sabotaged-stores/changes.js";
import { commitmentIdSabotages } from "./sabotaged-stores/commitment-ids.js";
import { copySabotages } from "./sabotaged-stores/copies.js";
import { creationSabotages } from "./sabotaged-stores/creation.js";
import { dueSabotages } from "./sabotaged-stores/due.js";
import { feedSabotages } from "./sabotaged-stores/feeds.js";
import { guardSabotages } from "./sabotaged-stores/guards.js";
import { historySabotages, pageOf, paging } from "./sabotaged-stores/history.js";
import { laneHolderSabotages, laneWaiterSabotages } from "./sabotaged-stores/lane-holders.js";
import { leaseSabotages } from "./sabotaged-stores/leases.js";
import { limitSabotages } from "./sabotaged-stores/limits.js";
import { lineSabotages } from "./sabotaged-stores/lines.js";
import { priceSabotages } from "./sabotaged-stores/prices.js";
import { reapingOver, reapSabotages } from "./sabotaged-stores/reaping.js";
import { removalSabotages } from "./sabotaged-stores/removal.js";
import { correctStore, type Sabotage, withChange, withCreate, withView } from "./sabotaged-stores/sabotage.js";
import { sweepSabotages } from "./sabotaged-stores/sweeps.js";
import { tokenSabotages } from "./sabotaged-stores/tokens.js";
import { trailSabotages } from "./sabotaged-stores/trail.js";
import { uniquenessSabotages } from "./sabotaged-stores/uniqueness.js";
import { visibilitySabotages } from "./sabotaged-stores/visibility.js";

/** The ways of being wrong that a real store might fall into, by what they concern. */
export const SABOTAGES: Readonly<Record<string, readonly Sabotage[]>> = {
  Creating: creationSabotages,
  Changing: changeSabotages,
  Guards: guardSabotages,
  Leases: leaseSabotages,
  Lines: lineSabotages,
  "Approvals and freezes": approvalSabotages,
  "Approvals by several people": approvalCountSabotages,
  "Spending limits": limitSabotages,
  "Tokens that decide": tokenSabotages,
  "Accepted prices": priceSabotages,
  "What may exist once": uniquenessSabotages,
  "Ids of commitments": commitmentIdSabotages,
  "Holders of lanes": laneHolderSabotages,
  "Those who wait for lanes": laneWaiterSabotages,
  "Versions and events": trailSabotages,
  "What others see meanwhile": visibilitySabotages,
  "Which executions are due": dueSabotages,
  "Moving and claiming what is due": batchSabotages,
  "Listing what is stuck or unlabeled": sweepSabotages,
  Reaping: reapSabotages,
  Removing: removalSabotages,
  "The feed of all events": feedSabotages,
  History: historySabotages,
  Copies: copySabotages,
};

/** Stores built as the sabotaged ones are, but without a fault: what the contract notices is the fault alone. */
export const FAULTLESS: Readonly<Record<string, Sabotage["build"]>> = {
  "that sabotages start from": correctStore,
  "whose changes are passed on": withChange((change) => change),
  "whose new executions are passed on": withCreate((input) => input),
  "whose executions are shown as they are": withView((execution) => execution),
  "that sweeps one by one": sweeping({}),
  "that claims one by one": claiming({}),
  "that reaps one by one": reapingOver(() => ({})),
  "that pages on its own": paging((all, cursor, limit) => {
    const keyOf = ({ createdAt, id }: (typeof all)[number]) => `${createdAt} ${id}`;
    const rest = all.filter((execution) => cursor === undefined || keyOf(execution) < cursor);
    return pageOf(rest, limit, keyOf);
  }),
};

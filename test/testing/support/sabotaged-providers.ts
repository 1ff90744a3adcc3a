import { ACCOUNT } from "./sabotage/account.js";
import { ANSWERS } from "./sabotage/answers.js";
import { BOUNDARY } from "./sabotage/boundary.js";
import { COURSES } from "./sabotage/courses.js";
import { LANE } from "./sabotage/lane.js";
import { LOOKALIKES } from "./sabotage/lookalikes.js";
import { MEANING } from "./sabotage/meaning.js";
import { OFFER_AND_CHARGE } from "./sabotage/offer-and-charge.js";
import { QUEUE } from "./sabotage/queue.js";
import type { Sabotage } from "./sabotage/sabotage.js";
import { SENDING } from "./sabotage/sending.js";
import { TOKEN_AND_LOOKUP } from "./sabotage/token-and-lookup.js";

/** Every way of being wrong that a real provider might fall into. */
export const SABOTAGES: readonly Sabotage[] = [
  ...TOKEN_AND_LOOKUP,
  ...SENDING,
  ...ACCOUNT,
  ...ANSWERS,
  ...OFFER_AND_CHARGE,
  ...LANE,
  ...COURSES,
  ...QUEUE,
  ...MEANING,
  ...LOOKALIKES,
  ...BOUNDARY,
];

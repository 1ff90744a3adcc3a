import { randomUUID } from "node:crypto";
import type { EpochMs } from "../../domain/clock.js";
import { invalidArgument } from "../../domain/input-problem.js";
import { checkKeys, type KeysOf } from "../../domain/options.js";
import { safeMessage } from "../safe-message.js";
import type { ArmAnswer } from "./arm-answer.js";
import { ArmError, askArm, askIfExists } from "./ask-arm.js";
import type { AzureProviderOptions } from "./azure-provider-options.js";
import { type AzureConnection, connector } from "./connect.js";
import { API_VERSION } from "./spelling.js";

/** What is to be bought: reservations under an alias or of calculated orders, savings plans. */
export type AzurePurchaseKind = "reservations" | "calculated-reservations" | "savings-plans";

/** Whose access is checked, and for which purchases. */
export interface AzureAccessOptions
  extends Pick<AzureProviderOptions, "clientFor" | "httpClient" | "endpoint" | "requestTimeoutMs" | "absentCodes"> {
  /** The billing subscription for which a client is asked. */
  readonly account: string;
  /** Default: `reservations` and `savings-plans`. */
  readonly purchases?: readonly AzurePurchaseKind[];
  /** Stops the check. */
  readonly signal?: AbortSignal;
}

/** What one question showed. */
export interface AzureAccessCheck {
  /** What was asked for, in words. */
  readonly asked: string;
  /** The right that the answer depends on. */
  readonly right: string;
  /** The scope at which the right has to be granted, because no narrower one holds what does not exist yet. */
  readonly scope: string;
  /**
   * `granted`: Azure answers as the adapters need it. `denied`: the right is missing. `unclear`: neither can be told.
   * The adapters buy nothing while an answer is denied or unclear.
   */
  readonly verdict: "granted" | "denied" | "unclear";
  /** What Azure or the network answered, where it was not what the adapters need. */
  readonly answer?: string;
  /** What a person can do. */
  readonly advice?: string;
}

/** What a client may read of what the adapters need. */
export interface AzureAccess {
  /** Whether every check is `granted`. */
  readonly ok: boolean;
  readonly checks: readonly AzureAccessCheck[];
}

const OPTION_KEYS: KeysOf<AzureAccessOptions> = {
  clientFor: true,
  httpClient: true,
  endpoint: true,
  requestTimeoutMs: true,
  absentCodes: true,
  account: true,
  purchases: true,
  signal: true,
};

/**
 * Finds out whether a client may read what the Azure adapters look up before they buy. It only reads.
 *
 * Every purchase starts with the question whether its name is taken. To a caller who may not read the whole tenant,
 * Azure answers 403 for a name that does not exist. That proves nothing, so nothing is bought. This check asks for
 * names and ids that cannot exist, and says which right is missing where.
 *
 * The right to buy cannot be checked without buying. Throws what `clientFor` throws, `INVALID_REQUEST` for an option
 * that does not exist, and `TypeError` for one that is out of range.
 */
export async function checkAzureAccess(options: AzureAccessOptions): Promise<AzureAccess> {
  checkKeys("options", options, OPTION_KEYS);
  const { account, purchases = ["reservations", "savings-plans"] } = options;
  const questions = [...new Set(purchases.flatMap(questionsOf))];
  const { signal = new AbortController().signal } = options;
  const connection = await connector(options)({ account }, { signal, now: NO_TIME });
  const checks = await Promise.all(questions.map((question) => checkOf(question, connection)));
  return { ok: checks.every(({ verdict }) => verdict === "granted"), checks };
}

/** No answer is judged by the time here. */
const NO_TIME: EpochMs = 0;

interface Question extends Pick<AzureAccessCheck, "asked" | "right" | "scope"> {
  /** The collection that is read, or in which something is looked for that does not exist. */
  readonly collection: string;
  readonly isList: boolean;
}

const unknownIn = (namespace: "Capacity" | "BillingBenefits", type: string, what: string): Question => ({
  asked: `${what} that does not exist`,
  right: `Microsoft.${namespace}/${type}/read`,
  scope: `/providers/Microsoft.${namespace}`,
  collection: `/providers/Microsoft.${namespace}/${type}`,
  isList: false,
});

const RESERVATION_ORDER = unknownIn("Capacity", "reservationOrders", "a reservation order");

const QUESTIONS: Readonly<Record<AzurePurchaseKind, readonly Question[]>> = {
  reservations: [
    unknownIn("BillingBenefits", "reservationOrderAliases", "an alias of a reservation order"),
    RESERVATION_ORDER,
  ],
  "calculated-reservations": [
    RESERVATION_ORDER,
    { ...RESERVATION_ORDER, asked: "the list of reservation orders", isList: true },
  ],
  "savings-plans": [
    unknownIn("BillingBenefits", "savingsPlanOrderAliases", "an alias of a savings plan order"),
    unknownIn("BillingBenefits", "savingsPlanOrders", "a savings plan order"),
  ],
};

function questionsOf(purchase: AzurePurchaseKind): readonly Question[] {
  if (Object.hasOwn(QUESTIONS, purchase)) return QUESTIONS[purchase];
  throw invalidArgument("purchases", `must be of ${Object.keys(QUESTIONS).join(", ")}, got "${String(purchase)}"`);
}

async function checkOf(question: Question, connection: AzureConnection): Promise<AzureAccessCheck> {
  const { collection, isList, ...check } = question;
  const name = isList ? "" : `/${randomUUID()}`;
  const call = { method: "GET", path: `${collection}${name}?api-version=${API_VERSION}` } as const;
  try {
    const body = isList ? await askArm(connection, call) : await askIfExists(connection, call);
    if (isList || body === undefined) return { ...check, verdict: "granted" };
    return { ...check, verdict: "unclear", answer: "an answer for what does not exist" };
  } catch (thrown) {
    const answer = thrown instanceof ArmError ? thrown.answer : undefined;
    const said = safeMessage(answer === undefined ? thrown : new ArmError(answer), "");
    return { ...check, answer: said, ...judgmentOf(answer, question) };
  }
}

function judgmentOf(
  answer: ArmAnswer | undefined,
  { right, scope }: Question,
): Pick<AzureAccessCheck, "verdict" | "advice"> {
  const [status, code] = [answer?.status, answer?.code];
  if (status === 403) return { verdict: "denied", advice: `Grant ${right} at the scope ${scope}.` };
  if (status === 401) return { verdict: "denied", advice: "Check the client's credential." };
  if (status !== 404 || code === undefined)
    return { verdict: "unclear", advice: "Check the endpoint and the network, then ask again." };
  const advice = `If Azure documents ${code} as the code of a missing resource, add it to the option absentCodes.`;
  return { verdict: "unclear", advice };
}

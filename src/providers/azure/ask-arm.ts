import { BuyonceError } from "../../domain/errors.js";
import { safeMessage } from "../safe-message.js";
import { type ArmAnswer, readAnswer } from "./arm-answer.js";
import { NOT_SOLD_CODES, REQUEST_CODES } from "./azure-error-codes.js";
import type { ArmCall, AzureConnection } from "./connect.js";

/** An error answer of Azure Resource Manager to a call that moves no money. */
export class ArmError extends Error {
  override readonly name = "ArmError";
  readonly answer: ArmAnswer;

  constructor(answer: ArmAnswer) {
    super(`${answer.code ?? `HTTP ${answer.status}`}: ${answer.message ?? "no message"}`);
    this.answer = answer;
  }
}

/** Makes a call that moves no money, retried as the client is set; the body of its answer, or {@link ArmError}. */
export async function askArm(connection: AzureConnection, call: ArmCall): Promise<unknown> {
  const { pipeline, httpClient } = connection;
  const answer = readAnswer(await pipeline.sendRequest(httpClient, connection.request(call, connection.limit())));
  if (answer.status < 200 || answer.status > 299) throw new ArmError(answer);
  if (answer.body === undefined) throw new Error(`${call.method} ${call.path} was answered with no JSON`);
  return answer.body;
}

/**
 * Makes a call that checks a purchase beforehand. If Azure refuses what is asked for, the line ends: no later try
 * helps.
 *
 * Throws `OFFERING_NOT_FOUND` if Azure does not sell it, else `PURCHASE_REFUSED` with Azure's own code. A bare
 * `BadRequest` says too little for either, and missing access may still be granted. Those are {@link ArmError}s like
 * all others.
 */
export async function askBeforehand(connection: AzureConnection, call: ArmCall): Promise<unknown> {
  try {
    return await askArm(connection, call);
  } catch (thrown) {
    throw thrown instanceof ArmError ? (refusalBy(thrown) ?? thrown) : thrown;
  }
}

function refusalBy(error: ArmError): BuyonceError | undefined {
  const { code = "" } = error.answer;
  const message = safeMessage(error, "");
  if (NOT_SOLD_CODES.has(code))
    return new BuyonceError("OFFERING_NOT_FOUND", `Azure does not sell what the line asks for: ${message}`);
  if (!REQUEST_CODES.has(code)) return undefined;
  return new BuyonceError("PURCHASE_REFUSED", `Azure would refuse the purchase: ${message}`, {
    details: { reasonCode: code },
  });
}

/**
 * Does what {@link askArm} does, and returns `undefined` if Azure itself says that the resource does not exist.
 *
 * Only a 404 with the code of a missing resource says so. A 404 of the path, the subscription or a proxy proves
 * nothing.
 */
export async function askIfExists(connection: AzureConnection, call: ArmCall): Promise<unknown> {
  try {
    return await askArm(connection, call);
  } catch (thrown) {
    if (thrown instanceof ArmError && saysAbsent(thrown.answer)) return undefined;
    throw thrown;
  }
}

const ABSENT_CODES: ReadonlySet<string | undefined> = new Set([
  "NotFound",
  "ReservationOrderAliasNotFound",
  "ReservationOrderNotFound",
  "ResourceNotFound",
  "SavingsPlanOrderAliasNotFound",
  "SavingsPlanOrderNotFound",
]);

const saysAbsent = ({ status, code }: ArmAnswer): boolean => status === 404 && ABSENT_CODES.has(code);

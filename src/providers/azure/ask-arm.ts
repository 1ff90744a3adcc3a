import { BuyonceError } from "../../domain/errors.js";
import { safeMessage } from "../safe-message.js";
import { type ArmAnswer, readAnswer } from "./arm-answer.js";
import { NOT_SOLD_CODES, REQUEST_CODES } from "./azure-error-codes.js";
import type { AzureSettings } from "./azure-provider-options.js";
import type { ArmCall, AzureConnection } from "./connect.js";

/** An error answer of Azure Resource Manager to a call that moves no money. */
export class ArmError extends Error {
  override readonly name = "ArmError";
  readonly answer: ArmAnswer;

  /** `hint` comes first, because long messages are cut. */
  constructor(answer: ArmAnswer, hint = "") {
    super(`${hint}${answer.code ?? `HTTP ${answer.status}`}: ${answer.message ?? "no message"}`);
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
 *
 * `unknownValue` says in a sentence which value of the line is not known today, and which was probably meant. It is
 * empty if all are known. With it, a refusal of the content means that Azure does not sell it.
 */
export async function askBeforehand(connection: AzureConnection, call: ArmCall, unknownValue = ""): Promise<unknown> {
  try {
    return await askArm(connection, call);
  } catch (thrown) {
    if (!(thrown instanceof ArmError)) throw thrown;
    const error = new ArmError(thrown.answer, unknownValue);
    throw refusalBy(error, unknownValue !== "") ?? error;
  }
}

function refusalBy(error: ArmError, hasUnknownValue: boolean): BuyonceError | undefined {
  const { code = "" } = error.answer;
  const message = safeMessage(error, "");
  if (NOT_SOLD_CODES.has(code) || (hasUnknownValue && code === "InvalidRequestContent"))
    return new BuyonceError("OFFERING_NOT_FOUND", `Azure does not sell what the line asks for: ${message}`);
  if (!REQUEST_CODES.has(code)) return undefined;
  return new BuyonceError("PURCHASE_REFUSED", `Azure would refuse the purchase: ${message}`, {
    details: { reasonCode: code },
  });
}

/**
 * Does what {@link askArm} does, and returns `undefined` if Azure itself says that the resource does not exist.
 *
 * Only a 404 with the code of a missing resource says so (option `absentCodes`). A 404 of the path, the subscription or
 * a proxy proves nothing.
 */
export async function askIfExists(connection: AzureConnection, call: ArmCall): Promise<unknown> {
  try {
    return await askArm(connection, call);
  } catch (thrown) {
    if (!(thrown instanceof ArmError)) throw thrown;
    if (saysAbsent(thrown.answer, connection.settings)) return undefined;
    throw thrown.answer.status === 403 ? new ArmError(thrown.answer, DENIED) : thrown;
  }
}

// Azure gives this answer for a name that does not exist too, to a caller who may not read the whole tenant.
const DENIED = "checkAzureAccess says which right to read is missing. ";

const saysAbsent = ({ status, code }: ArmAnswer, { absentCodes }: AzureSettings): boolean =>
  status === 404 && code !== undefined && absentCodes.has(code);

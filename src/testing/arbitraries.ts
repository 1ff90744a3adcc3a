import type { CommitmentRequest } from "../domain/commitment-request/commitment-request.js";
import type { CustomRequest } from "../domain/commitment-request/custom.js";
import type { IdempotencyContract } from "../domain/idempotency-contract.js";
import type { Money } from "../domain/money.js";
import type { Submission } from "../engine/decisions/submit.js";
import { awsRequests } from "./arbitraries/aws-requests.js";
import { azureRequests } from "./arbitraries/azure-requests.js";
import { contractArbitrary, purchaseFaultArbitrary, simulatedFaultsArbitrary } from "./arbitraries/cloud-behavior.js";
import { moneyArbitrary, priceArbitrary } from "./arbitraries/common-fields.js";
import { customRequest } from "./arbitraries/custom-requests.js";
import { gcpRequests } from "./arbitraries/gcp-requests.js";
import { hardTextArbitrary, textArbitrary } from "./arbitraries/texts.js";
import { type Arbitrary, checkFastCheck, type FastCheck } from "./fast-check.js";
import type { PurchaseFault, SimulatedFaults } from "./simulated-cloud.js";

type BuiltIn = Exclude<CommitmentRequest, CustomRequest>;

/** Valid requests of each built-in service by its name, and requests of custom services under `custom`. */
export type RequestArbitraries = {
  readonly [Service in BuiltIn["service"]]: Arbitrary<Extract<BuiltIn, { readonly service: Service }>>;
} & { readonly custom: Arbitrary<CustomRequest> };

/** The values of this field that a test wants to draw; each shrinks to a small plain one. */
export interface PurchaseArbitraries {
  /** Valid requests by service. */
  readonly requests: RequestArbitraries;
  /** Any valid request of any service. */
  readonly request: Arbitrary<CommitmentRequest>;
  /** Requests of `custom.simulated`, the service of a simulated cloud. */
  readonly simulatedRequest: Arbitrary<CustomRequest>;
  /** Valid submissions of any lines. */
  readonly submission: Arbitrary<Submission>;
  /** Valid submissions of up to five lines, drawn from `line`. */
  submissionOf(line: Arbitrary<CommitmentRequest>): Arbitrary<Submission>;
  /** Request keys that `submit` takes. */
  readonly requestKey: Arbitrary<string>;
  /** Any amount of money, 0 included. */
  readonly money: Arbitrary<Money>;
  /** Amounts that a line may cost: more than 0, in cents. */
  readonly price: Arbitrary<Money>;
  /** Text of up to 200 characters that every store and cloud takes: quotes, combining characters, emoji. */
  readonly text: Arbitrary<string>;
  /** Text to be refused as a whole or kept unchanged: NUL, lone surrogates, control characters, texts far too long. */
  readonly hardText: Arbitrary<string>;
  /** What a cloud promises to dedupe, of every kind. */
  readonly contract: Arbitrary<IdempotencyContract>;
  /** What happens to one purchase request at a simulated cloud. */
  readonly purchaseFault: Arbitrary<PurchaseFault>;
  /** A script for the `faults` of a simulated cloud. */
  readonly simulatedFaults: Arbitrary<SimulatedFaults>;
}

/**
 * Arbitraries of fast-check for the values of this field: requests of every service, submissions, money, faults.
 *
 * All requests and submissions are valid: they parse to themselves. Hand in your own `fc`: the kit does not load
 * fast-check. Throws `INVALID_REQUEST` if `fc` is not fast-check.
 */
export function arbitraries(fc: FastCheck): PurchaseArbitraries {
  checkFastCheck(fc);
  const requests: RequestArbitraries = {
    ...awsRequests(fc),
    ...azureRequests(fc),
    ...gcpRequests(fc),
    custom: customRequest(fc),
  };
  const request = fc.oneof<Arbitrary<CommitmentRequest>[]>(...Object.values(requests));
  const submissionOf = (line: Arbitrary<CommitmentRequest>) => submissionArbitrary(fc, line);
  return {
    requests,
    request,
    simulatedRequest: customRequest(fc, fc.constant("custom.simulated")),
    submission: submissionOf(request),
    submissionOf,
    requestKey: requestKeyArbitrary(fc),
    money: moneyArbitrary(fc),
    price: priceArbitrary(fc),
    text: textArbitrary(fc),
    hardText: hardTextArbitrary(fc),
    contract: contractArbitrary(fc),
    purchaseFault: purchaseFaultArbitrary(fc),
    simulatedFaults: simulatedFaultsArbitrary(fc),
  };
}

/** Keys that begin with the library's own prefix are refused. */
const requestKeyArbitrary = (fc: FastCheck): Arbitrary<string> =>
  textArbitrary(fc).filter((key) => !key.startsWith("buyonce/"));

function submissionArbitrary(fc: FastCheck, line: Arbitrary<CommitmentRequest>): Arbitrary<Submission> {
  const text = textArbitrary(fc);
  const step = fc.integer({ min: 0, max: 2_147_483_647 });
  return fc.record(
    {
      requestKey: requestKeyArbitrary(fc),
      createdBy: text,
      lines: fc.array(line, { minLength: 1, maxLength: 5 }),
      source: text,
      plan: fc.record({ id: text, step }, { requiredKeys: ["id"] }),
      expiresInMs: fc.integer({ min: 1, max: 31_536_000_000 }),
    },
    { requiredKeys: ["requestKey", "createdBy", "lines"] },
  );
}

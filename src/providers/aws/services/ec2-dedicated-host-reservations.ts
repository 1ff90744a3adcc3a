import type { PurchaseHostReservationResult } from "@aws-sdk/client-ec2";
import type { AwsDedicatedHostsRequest } from "../../../domain/commitment-request/aws-dedicated-hosts.js";
import { BuyonceError } from "../../../domain/errors.js";
import type { Prepared } from "../../../domain/evidence.js";
import { checkPrice } from "../../check-price.js";
import type { CommitmentProvider, ProviderContext } from "../../commitment-provider.js";
import { withFailureCodes } from "../../failure-codes.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { Bought } from "../aws-outcome.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { AWS_TIMING, type AwsTiming, UNSTATED_TOKEN_WINDOW_MS } from "../aws-timing.js";
import { unspentClientToken } from "../client-token.js";
import { connector } from "../connect.js";
import { type Ec2Client, type Ec2Connection, loadEc2 } from "../ec2-client.js";
import { purchaseByCommand } from "../purchase-by-command.js";
import { currencyOf } from "../reservations/offering.js";
import { statedMoney } from "../stated-money.js";
import { findOffering } from "./ec2-dedicated-host-reservations/find-offering.js";
import {
  hostsOf,
  idsOf,
  type ListedHostReservation,
  listHostReservations,
  taggedWith,
} from "./ec2-dedicated-host-reservations/host-reservations.js";
import { findHostReservation, mayCover } from "./ec2-dedicated-host-reservations/lookup.js";
import { previewPrice } from "./ec2-dedicated-host-reservations/preview.js";
import { purchaseInput } from "./ec2-dedicated-host-reservations/purchase-input.js";

// The types of the options. Declarations of this subpath must not refer to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming, Ec2Client };

/** The timings of the contract with Dedicated Host reservations, all in milliseconds. */
export type DedicatedHostsTiming = AwsTiming & { readonly windowMs: number };

const TIMING: DedicatedHostsTiming = { ...AWS_TIMING, windowMs: UNSTATED_TOKEN_WINDOW_MS };

/**
 * Buys EC2 Dedicated Host reservations under a client token, which EC2 remembers for a time it does not state: contract
 * `native-token`.
 *
 * The tag `buyonce:token` goes out in the same request, and the reservation is found by it for ever. Needs
 * `ec2:DescribeHostReservations`, `DescribeHostReservationOfferings`, `GetHostReservationPurchasePreview`,
 * `PurchaseHostReservation` and `CreateTags`.
 */
export function ec2DedicatedHostReservations(
  options: AwsProviderOptions<Ec2Client, DedicatedHostsTiming>,
): CommitmentProvider<AwsDedicatedHostsRequest> {
  const connect = connector(options, { endpoints: "regional", timing: TIMING });
  return withFailureCodes("host reservations", {
    service: "aws.ec2-dedicated-hosts",
    idempotency: { kind: "native-token", ...TIMING, ...options.timing },
    async lookup(request, token, context) {
      const listed = await listHostReservations(await connect(request, context), context);
      return findHostReservation(listed, { ...context, request, token });
    },
    prepare: async (request, token, context) => prepare(await connect(request, context), { request, token, context }),
    purchase: (permit, context) =>
      purchaseByCommand({
        connect,
        permit,
        context,
        async command() {
          const { PurchaseHostReservationCommand } = await loadEc2();
          return new PurchaseHostReservationCommand(purchaseInput(permit));
        },
        send: (client: Ec2Client, command, sendOptions) => client.send(command, sendOptions),
        boughtIn: (output) => boughtIn(output, permit.request),
      }),
  });
}

interface Order {
  readonly request: AwsDedicatedHostsRequest;
  readonly token: string;
  readonly context: ProviderContext;
}

async function prepare(connection: Ec2Connection, { request, token, context }: Order): Promise<Prepared> {
  const listed = await listHostReservations(connection, context);
  const covering = mayCover(listed, request);
  checkUncovered(covering, request);
  const tagged = taggedWith(token, listed);
  const unspent = unspentClientToken(token, tagged, context.lineageAttempt);
  const reference = await findOffering(connection, request);
  const { total, upfront } = await previewPrice(connection, request, reference);
  checkPrice(request, total);
  // The snapshot tells new reservations from those that were there before, also a new one whose payment failed or which
  // lost its tags.
  const snapshot = [...new Set(idsOf([...covering, ...tagged]))];
  return { reference, price: total, snapshot, detail: { upfront, ...unspent } };
}

function checkUncovered(covering: readonly ListedHostReservation[], request: AwsDedicatedHostsRequest): void {
  const taken = covering.filter((entry) => hostsOf(entry) !== undefined && entry.sighting.meaning === "live");
  if (taken.length === 0) return;
  const found = idsOf(taken);
  throw new BuyonceError("COMMITMENT_CONFLICT", `Hosts of the line are covered already, by ${found.join(", ")}.`, {
    details: { hostIds: request.hostIds, found },
  });
}

function boughtIn(
  { Purchase = [], TotalUpfrontPrice, CurrencyCode }: PurchaseHostReservationResult,
  request: AwsDedicatedHostsRequest,
): Bought | undefined {
  const commitmentIds = Purchase.flatMap(({ HostReservationId }) => HostReservationId ?? []);
  if (commitmentIds.length === 0 || commitmentIds.length < Purchase.length) return undefined;
  const charge = TotalUpfrontPrice && statedMoney(TotalUpfrontPrice, CurrencyCode ?? currencyOf(request));
  return { commitment: { commitmentIds, ...(charge && { charge }) } };
}

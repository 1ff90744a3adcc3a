import {
  DeleteQueuedReservedInstancesCommand,
  EC2Client,
  PurchaseReservedInstancesOfferingCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateSavingsPlanCommand,
  DeleteQueuedSavingsPlanCommand,
  SavingsplansClient,
} from "@aws-sdk/client-savingsplans";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import type { Money } from "../../../src/domain/money.js";
import { ec2ReservedInstances } from "../../../src/providers/aws/services/ec2-reserved-instances.js";
import { savingsPlans } from "../../../src/providers/aws/services/savings-plans.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import { ec2Request, planRequest } from "./simulated-line.js";

export const HOUR = 3_600_000;
/** How long the lines of the tests are held. */
export const HOLD = 12 * HOUR;

/** How a client reaches a simulator. */
export interface HeldTarget {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A purchase that somebody queues without the library. */
export interface QueuedOrder {
  readonly offeringId: string;
  readonly startsAt: number;
}

/** A client of the line's service with a provider that uses it. */
export interface OpenedHeld {
  readonly client: { readonly middlewareStack: object; destroy(): void };
  readonly provider: CommitmentProvider;
  /** Queues a purchase like the line's by hand; its id. */
  queue(order: QueuedOrder): Promise<string>;
  /** Withdraws it by hand. */
  withdraw(id: string): Promise<unknown>;
}

/** One service that queues purchases, and what a test has to know of it. */
export interface HeldService {
  readonly name: string;
  open(target: HeldTarget): OpenedHeld;
  readonly operations: {
    readonly listing: string;
    readonly purchase: string;
    readonly withdrawal: string;
    readonly tagging: string;
  };
  /** A line that is held, and the same line that is not. */
  readonly held: CommitmentRequest;
  readonly unheld: CommitmentRequest;
  readonly charge: Money;
  /** A line of another kind, and the parameters by which its purchase is known. */
  readonly other: { readonly request: CommitmentRequest; readonly params: Readonly<Record<string, string>> };
  /** The start time that a purchase asks for. */
  startOf(params: Readonly<Record<string, unknown>>): number;
}

const EC2: HeldService = {
  name: "EC2",
  open(target) {
    const client = new EC2Client(target);
    return {
      client,
      provider: ec2ReservedInstances({ clientFor: () => client }),
      async queue({ offeringId, startsAt }) {
        const order = {
          ReservedInstancesOfferingId: offeringId,
          InstanceCount: 2,
          PurchaseTime: new Date(startsAt),
        };
        return (await client.send(new PurchaseReservedInstancesOfferingCommand(order))).ReservedInstancesId ?? "";
      },
      withdraw: (id) => client.send(new DeleteQueuedReservedInstancesCommand({ ReservedInstancesIds: [id] })),
    };
  },
  operations: {
    listing: "DescribeReservedInstances",
    purchase: "PurchaseReservedInstancesOffering",
    withdrawal: "DeleteQueuedReservedInstances",
    tagging: "CreateTags",
  },
  held: ec2Request({ holdMs: HOLD }),
  unheld: ec2Request(),
  charge: { amount: "996.04", currency: "USD" },
  other: {
    request: ec2Request({ quantity: 3, expectedPrice: { amount: "1494.06", currency: "USD" } }),
    params: { InstanceCount: "3" },
  },
  startOf: ({ PurchaseTime }) => Date.parse(String(PurchaseTime)),
};

const PLANS: HeldService = {
  name: "Savings Plans",
  open(target) {
    const client = new SavingsplansClient(target);
    return {
      client,
      provider: savingsPlans({ clientFor: () => client }),
      async queue({ offeringId, startsAt }) {
        const order = { savingsPlanOfferingId: offeringId, commitment: "0.5", purchaseTime: new Date(startsAt) };
        return (await client.send(new CreateSavingsPlanCommand(order))).savingsPlanId ?? "";
      },
      withdraw: (savingsPlanId) => client.send(new DeleteQueuedSavingsPlanCommand({ savingsPlanId })),
    };
  },
  operations: {
    listing: "DescribeSavingsPlans",
    purchase: "CreateSavingsPlan",
    withdrawal: "DeleteQueuedSavingsPlan",
    tagging: "TagResource",
  },
  held: planRequest({ holdMs: HOLD }),
  unheld: planRequest(),
  charge: { amount: "0", currency: "USD" },
  other: {
    request: planRequest({ hourlyCommitment: "0.7", expectedPrice: { amount: "6132", currency: "USD" } }),
    params: { commitment: "0.7" },
  },
  startOf: ({ purchaseTime }) => Number(purchaseTime) * 1000,
};

/** The services that queue purchases. */
export const HELD_SERVICES: readonly HeldService[] = [EC2, PLANS];

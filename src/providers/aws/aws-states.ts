import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { StateRow, StateTable } from "../state-table.js";

/*
 * What the states of each AWS service mean. Sources: the `State` fields of the API references, "States of a Reserved
 * Instance" in the EC2 User Guide, and "Savings Plans states" and "Returning a purchased Savings Plan" in the Savings Plans
 * User Guide. A state that is missing here counts as live.
 */

const PAYMENT_PENDING: StateRow = {
  means: "live",
  because: "AWS has accepted the purchase and waits for its payment.",
};
const ACTIVE: StateRow = { means: "live", because: "The commitment runs." };
const QUEUED: StateRow = { means: "live", because: "The purchase waits in the queue and starts at its time." };
const PAYMENT_FAILED: StateRow = { means: "void", because: "AWS could not take the payment, so nothing is owed." };
const QUEUED_DELETED: StateRow = {
  means: "void",
  because: "The purchase was deleted from the queue before it started, so nothing is owed.",
};
const RETIRED: StateRow = {
  means: "unclear",
  endedIf: "its term is over",
  because: "The commitment is over. If its term is not over yet, AWS does not say why.",
};

/** The states that a reservation of every AWS service may have. */
const RESERVATION_STATES: StateTable = {
  "payment-pending": PAYMENT_PENDING,
  active: ACTIVE,
  "payment-failed": PAYMENT_FAILED,
  retired: RETIRED,
};

/** The states of EC2 Reserved Instances. */
export const EC2_STATES: StateTable = {
  "payment-pending": PAYMENT_PENDING,
  active: ACTIVE,
  queued: QUEUED,
  "payment-failed": PAYMENT_FAILED,
  "queued-deleted": QUEUED_DELETED,
  retired: {
    means: "unclear",
    endedIf: "its term is over, or EC2's list of modifications names it",
    because:
      "The commitment is over. If its term is not over yet, it was modified or exchanged, or its payment did not arrive. No call tells of exchanges.",
  },
};

/** The states of EC2 Dedicated Host reservations. */
export const DEDICATED_HOSTS_STATES: StateTable = RESERVATION_STATES;

/**
 * The states of EC2 Capacity Blocks, as the capacity reservations of the blocks show them.
 *
 * Sources: the `State` field of `CapacityReservation` in the EC2 API reference, and "View Capacity Blocks" in the EC2 User
 * Guide. The reference lists more states, which no document explains for blocks.
 */
export const CAPACITY_BLOCKS_STATES: StateTable = {
  "payment-pending": PAYMENT_PENDING,
  scheduled: { means: "live", because: "The block is paid for, and starts at its time." },
  active: ACTIVE,
  expired: { means: "ended", because: "The block was bought, and has ended at its time." },
  "payment-failed": {
    means: "void",
    because: "AWS could not take the payment within 12 hours and released the block, so nothing is owed.",
  },
  cancelled: {
    means: "unclear",
    because:
      "A block cannot be cancelled by its owner. No document says how it comes to this state, or whether it was paid for.",
  },
  failed: { means: "unclear", because: "No document says whether a block that failed was paid for." },
};

/** The states of Savings Plans. */
export const SAVINGS_PLANS_STATES: StateTable = {
  "payment-pending": PAYMENT_PENDING,
  active: ACTIVE,
  queued: QUEUED,
  "pending-return": { means: "live", because: "The plan runs until AWS has taken it back." },
  "payment-failed": PAYMENT_FAILED,
  "queued-deleted": QUEUED_DELETED,
  returned: { means: "ended", because: "The plan was bought and given back, and AWS returns what was paid." },
  retired: RETIRED,
};

/** The states of RDS reserved DB instances. */
export const RDS_STATES: StateTable = RESERVATION_STATES;

/** The states of ElastiCache reserved cache nodes. */
export const ELASTICACHE_STATES: StateTable = RESERVATION_STATES;

/** The states of MemoryDB reserved nodes. */
export const MEMORYDB_STATES: StateTable = RESERVATION_STATES;

/** The states of reserved instances of OpenSearch Service. */
export const OPENSEARCH_STATES: StateTable = RESERVATION_STATES;

/** The states of Redshift reserved nodes. */
export const REDSHIFT_STATES: StateTable = {
  "payment-pending": PAYMENT_PENDING,
  // Redshift's own documentation has this spelling. Its sibling services have the other one.
  "pending-payment": PAYMENT_PENDING,
  active: ACTIVE,
  exchanging: { means: "live", because: "The owner exchanges the node for another one, and owns it until then." },
  "payment-failed": PAYMENT_FAILED,
  retired: {
    means: "unclear",
    endedIf: "its term is over, or Redshift's list of exchanges says that it was exchanged",
    because:
      "The reservation of the node is over. If its term is not over yet, it was exchanged, or Redshift does not say why.",
  },
};

/** The states of Redshift Serverless reservations. */
export const REDSHIFT_SERVERLESS_STATES: StateTable = RESERVATION_STATES;

/** The states of every AWS service, by the service that lines name. */
export const AWS_STATES = {
  "aws.ec2": EC2_STATES,
  "aws.ec2-dedicated-hosts": DEDICATED_HOSTS_STATES,
  "aws.ec2-capacity-blocks": CAPACITY_BLOCKS_STATES,
  "aws.savings-plans": SAVINGS_PLANS_STATES,
  "aws.rds": RDS_STATES,
  "aws.elasticache": ELASTICACHE_STATES,
  "aws.memorydb": MEMORYDB_STATES,
  "aws.opensearch": OPENSEARCH_STATES,
  "aws.redshift": REDSHIFT_STATES,
  "aws.redshift-serverless": REDSHIFT_SERVERLESS_STATES,
} as const satisfies Readonly<Partial<Record<CommitmentRequest["service"], StateTable>>>;

import {
  DescribeReservedDBInstancesCommand,
  DescribeReservedDBInstancesOfferingsCommand,
  PurchaseReservedDBInstancesOfferingCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { clientOf } from "../simulated-aws.js";
import { type Connect, type NodesCase, queryErrors } from "./nodes-case.js";

const connect: Connect = (simulator, config) => {
  const client = clientOf(RDSClient, simulator, config);
  return {
    async offerings({ id, size, token } = {}) {
      const request = { ReservedDBInstancesOfferingId: id, MaxRecords: size, Marker: token };
      const page = await client.send(new DescribeReservedDBInstancesOfferingsCommand(request));
      const rows = page.ReservedDBInstancesOfferings?.map((row) => ({
        offeringId: row.ReservedDBInstancesOfferingId,
        price: row.FixedPrice,
      }));
      return { rows: rows ?? [], next: page.Marker };
    },
    async buy({ offeringId, name, count, tags }) {
      const request = { ReservedDBInstancesOfferingId: offeringId, ReservedDBInstanceId: name };
      const more = { DBInstanceCount: count, Tags: tags };
      const answer = await client.send(new PurchaseReservedDBInstancesOfferingCommand({ ...request, ...more }));
      return String(answer.ReservedDBInstance?.ReservedDBInstanceId);
    },
    async listed({ id, size, token } = {}) {
      const request = { ReservedDBInstanceId: id, MaxRecords: size, Marker: token };
      const page = await client.send(new DescribeReservedDBInstancesCommand(request));
      const rows = page.ReservedDBInstances?.map((row) => ({
        id: row.ReservedDBInstanceId,
        offeringId: row.ReservedDBInstancesOfferingId,
        count: row.DBInstanceCount,
        state: row.State,
        startedAt: row.StartTime,
      }));
      return { rows: rows ?? [], next: page.Marker };
    },
  };
};

/** RDS, and how it speaks. */
export const rdsNodes: NodesCase = {
  service: "aws.rds",
  connect,
  operations: {
    offerings: "DescribeReservedDBInstancesOfferings",
    purchase: "PurchaseReservedDBInstancesOffering",
    listed: "DescribeReservedDBInstances",
  },
  naming: "id",
  pending: "payment-pending",
  errors: {
    ...queryErrors,
    offeringNotFound: { name: "ReservedDBInstancesOfferingNotFoundFault", status: 404 },
    notFound: { name: "ReservedDBInstanceNotFoundFault", status: 404 },
    alreadyExists: { name: "ReservedDBInstanceAlreadyExistsFault", status: 404 },
  },
};

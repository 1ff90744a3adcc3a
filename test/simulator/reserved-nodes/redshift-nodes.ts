import {
  DescribeReservedNodeOfferingsCommand,
  DescribeReservedNodesCommand,
  PurchaseReservedNodeOfferingCommand,
  RedshiftClient,
} from "@aws-sdk/client-redshift";
import { clientOf } from "../simulated-aws.js";
import { type Connect, type NodesCase, queryErrors } from "./nodes-case.js";

const connect: Connect = (simulator, config) => {
  const client = clientOf(RedshiftClient, simulator, config);
  return {
    async offerings({ id, size, token } = {}) {
      const request = { ReservedNodeOfferingId: id, MaxRecords: size, Marker: token };
      const page = await client.send(new DescribeReservedNodeOfferingsCommand(request));
      const rows = page.ReservedNodeOfferings?.map((row) => ({
        offeringId: row.ReservedNodeOfferingId,
        price: row.FixedPrice,
      }));
      return { rows: rows ?? [], next: page.Marker };
    },
    async buy({ offeringId, count }) {
      const request = { ReservedNodeOfferingId: offeringId, NodeCount: count };
      const answer = await client.send(new PurchaseReservedNodeOfferingCommand(request));
      return String(answer.ReservedNode?.ReservedNodeId);
    },
    async listed({ id, size, token } = {}) {
      const request = { ReservedNodeId: id, MaxRecords: size, Marker: token };
      const page = await client.send(new DescribeReservedNodesCommand(request));
      const rows = page.ReservedNodes?.map((row) => ({
        id: row.ReservedNodeId,
        offeringId: row.ReservedNodeOfferingId,
        count: row.NodeCount,
        state: row.State,
        startedAt: row.StartTime,
      }));
      return { rows: rows ?? [], next: page.Marker };
    },
  };
};

/** Redshift, and how it speaks. */
export const redshiftNodes: NodesCase = {
  service: "aws.redshift",
  connect,
  operations: {
    offerings: "DescribeReservedNodeOfferings",
    purchase: "PurchaseReservedNodeOffering",
    listed: "DescribeReservedNodes",
  },
  naming: "none",
  pending: "pending-payment",
  errors: {
    ...queryErrors,
    offeringNotFound: { name: "ReservedNodeOfferingNotFoundFault", status: 404 },
    notFound: { name: "ReservedNodeNotFoundFault", status: 404 },
  },
};

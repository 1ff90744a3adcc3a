import {
  DescribeReservedNodesCommand,
  DescribeReservedNodesOfferingsCommand,
  MemoryDBClient,
  PurchaseReservedNodesOfferingCommand,
} from "@aws-sdk/client-memorydb";
import { clientOf } from "../simulated-aws.js";
import type { Connect, NodesCase } from "./nodes-case.js";

const connect: Connect = (simulator, config) => {
  const client = clientOf(MemoryDBClient, simulator, config);
  return {
    async offerings({ id, size, token } = {}) {
      const request = { ReservedNodesOfferingId: id, MaxResults: size, NextToken: token };
      const page = await client.send(new DescribeReservedNodesOfferingsCommand(request));
      const rows = page.ReservedNodesOfferings?.map((row) => ({
        offeringId: row.ReservedNodesOfferingId,
        price: row.FixedPrice,
      }));
      return { rows: rows ?? [], next: page.NextToken };
    },
    async buy({ offeringId, name, count, tags }) {
      const request = { ReservedNodesOfferingId: offeringId, ReservationId: name, NodeCount: count, Tags: tags };
      const answer = await client.send(new PurchaseReservedNodesOfferingCommand(request));
      return String(answer.ReservedNode?.ReservationId);
    },
    async listed({ id, size, token } = {}) {
      const request = { ReservationId: id, MaxResults: size, NextToken: token };
      const page = await client.send(new DescribeReservedNodesCommand(request));
      const rows = page.ReservedNodes?.map((row) => ({
        id: row.ReservationId,
        offeringId: row.ReservedNodesOfferingId,
        count: row.NodeCount,
        state: row.State,
        startedAt: row.StartTime,
      }));
      return { rows: rows ?? [], next: page.NextToken };
    },
  };
};

/** MemoryDB, and how it speaks. */
export const memoryDbNodes: NodesCase = {
  service: "aws.memorydb",
  connect,
  operations: {
    offerings: "DescribeReservedNodesOfferings",
    purchase: "PurchaseReservedNodesOffering",
    listed: "DescribeReservedNodes",
  },
  naming: "id",
  pending: "payment-pending",
  errors: {
    throttled: { name: "ThrottlingException", status: 400 },
    internal: { name: "InternalFailure", status: 500 },
    badSigningTime: { name: "InvalidSignatureException", status: 400 },
    unknownAccessKey: { name: "UnrecognizedClientException", status: 400 },
    badToken: { name: "InvalidParameterValueException", status: 400 },
    offeringNotFound: { name: "ReservedNodesOfferingNotFoundFault", status: 400 },
    notFound: { name: "ReservedNodeNotFoundFault", status: 400 },
    alreadyExists: { name: "ReservedNodeAlreadyExistsFault", status: 400 },
  },
};

import {
  DescribeReservedInstanceOfferingsCommand,
  DescribeReservedInstancesCommand,
  OpenSearchClient,
  PurchaseReservedInstanceOfferingCommand,
} from "@aws-sdk/client-opensearch";
import { clientOf } from "../simulated-aws.js";
import type { Connect, NodesCase } from "./nodes-case.js";

const connect: Connect = (simulator, config) => {
  const client = clientOf(OpenSearchClient, simulator, config);
  return {
    async offerings({ id, size, token } = {}) {
      const request = { ReservedInstanceOfferingId: id, MaxResults: size, NextToken: token };
      const page = await client.send(new DescribeReservedInstanceOfferingsCommand(request));
      const rows = page.ReservedInstanceOfferings?.map((row) => ({
        offeringId: row.ReservedInstanceOfferingId,
        price: row.FixedPrice,
      }));
      return { rows: rows ?? [], next: page.NextToken };
    },
    async buy({ offeringId, name = `made-up-${crypto.randomUUID()}`, count }) {
      const request = { ReservedInstanceOfferingId: offeringId, ReservationName: name, InstanceCount: count };
      const answer = await client.send(new PurchaseReservedInstanceOfferingCommand(request));
      return String(answer.ReservedInstanceId);
    },
    async listed({ id, size, token } = {}) {
      const request = { ReservedInstanceId: id, MaxResults: size, NextToken: token };
      const page = await client.send(new DescribeReservedInstancesCommand(request));
      const rows = page.ReservedInstances?.map((row) => ({
        id: row.ReservedInstanceId,
        offeringId: row.ReservedInstanceOfferingId,
        count: row.InstanceCount,
        state: row.State,
        startedAt: row.StartTime,
      }));
      return { rows: rows ?? [], next: page.NextToken };
    },
  };
};

/** OpenSearch, and how it speaks. */
export const openSearchNodes: NodesCase = {
  service: "aws.opensearch",
  connect,
  operations: {
    offerings: "DescribeReservedInstanceOfferings",
    purchase: "PurchaseReservedInstanceOffering",
    listed: "DescribeReservedInstances",
  },
  naming: "label",
  pending: "payment-pending",
  errors: {
    throttled: { name: "ThrottlingException", status: 429 },
    internal: { name: "InternalException", status: 500 },
    badSigningTime: { name: "InvalidSignatureException", status: 403 },
    unknownAccessKey: { name: "UnrecognizedClientException", status: 403 },
    badToken: { name: "ValidationException", status: 400 },
    offeringNotFound: { name: "ResourceNotFoundException", status: 409 },
    notFound: { name: "ResourceNotFoundException", status: 409 },
    alreadyExists: { name: "ResourceAlreadyExistsException", status: 409 },
  },
};

import {
  DescribeReservedCacheNodesCommand,
  DescribeReservedCacheNodesOfferingsCommand,
  ElastiCacheClient,
  PurchaseReservedCacheNodesOfferingCommand,
} from "@aws-sdk/client-elasticache";
import { clientOf } from "../simulated-aws.js";
import { type Connect, type NodesCase, queryErrors } from "./nodes-case.js";

const connect: Connect = (simulator, config) => {
  const client = clientOf(ElastiCacheClient, simulator, config);
  return {
    async offerings({ id, size, token } = {}) {
      const request = { ReservedCacheNodesOfferingId: id, MaxRecords: size, Marker: token };
      const page = await client.send(new DescribeReservedCacheNodesOfferingsCommand(request));
      const rows = page.ReservedCacheNodesOfferings?.map((row) => ({
        offeringId: row.ReservedCacheNodesOfferingId,
        price: row.FixedPrice,
      }));
      return { rows: rows ?? [], next: page.Marker };
    },
    async buy({ offeringId, name, count, tags }) {
      const request = { ReservedCacheNodesOfferingId: offeringId, ReservedCacheNodeId: name };
      const more = { CacheNodeCount: count, Tags: tags };
      const answer = await client.send(new PurchaseReservedCacheNodesOfferingCommand({ ...request, ...more }));
      return String(answer.ReservedCacheNode?.ReservedCacheNodeId);
    },
    async listed({ id, size, token } = {}) {
      const request = { ReservedCacheNodeId: id, MaxRecords: size, Marker: token };
      const page = await client.send(new DescribeReservedCacheNodesCommand(request));
      const rows = page.ReservedCacheNodes?.map((row) => ({
        id: row.ReservedCacheNodeId,
        offeringId: row.ReservedCacheNodesOfferingId,
        count: row.CacheNodeCount,
        state: row.State,
        startedAt: row.StartTime,
      }));
      return { rows: rows ?? [], next: page.Marker };
    },
  };
};

/** ElastiCache, and how it speaks. */
export const elastiCacheNodes: NodesCase = {
  service: "aws.elasticache",
  connect,
  operations: {
    offerings: "DescribeReservedCacheNodesOfferings",
    purchase: "PurchaseReservedCacheNodesOffering",
    listed: "DescribeReservedCacheNodes",
  },
  naming: "id",
  pending: "payment-pending",
  errors: {
    ...queryErrors,
    offeringNotFound: { name: "ReservedCacheNodesOfferingNotFoundFault", status: 404 },
    notFound: { name: "ReservedCacheNodeNotFoundFault", status: 404 },
    alreadyExists: { name: "ReservedCacheNodeAlreadyExistsFault", status: 404 },
    badToken: { name: "InvalidParameterValueException", status: 400 },
  },
};

import type { ReservedNodeExchangeStatus } from "@aws-sdk/client-redshift";
import { collectPages } from "../../../collect-pages.js";
import { EXCHANGE_ABSENT_CODES } from "../../aws-error-codes.js";
import { saysOneOf } from "../../aws-outcome.js";
import { loadRedshift, type RedshiftConnection } from "./redshift-client.js";

/**
 * What the exchanged reserved nodes of the account and region became, by their ids.
 *
 * Only exchanges that Redshift calls succeeded count. Redshift does not say which node an exchange made, and the
 * adapter does not guess it.
 */
export async function listExchanged(connection: RedshiftConnection): Promise<ReadonlyMap<string, string>> {
  const exchanges = await listExchanges(connection);
  return new Map(
    exchanges.flatMap((exchange) => {
      const { Status, SourceReservedNodeId: source } = exchange;
      return source !== undefined && Status?.toUpperCase() === "SUCCEEDED" ? [[source, intoWhat(exchange)]] : [];
    }),
  );
}

/** Asks without a node's id on purpose: a filter that hides what it should show would make a purchase unclear. */
async function listExchanges({
  client,
  settings,
  signal,
  limit,
}: RedshiftConnection): Promise<readonly ReservedNodeExchangeStatus[]> {
  const { DescribeReservedNodeExchangeStatusCommand } = await loadRedshift();
  return collectPages({
    operation: "DescribeReservedNodeExchangeStatus",
    maxPages: settings.maxPages,
    signal,
    async fetch(Marker) {
      try {
        const command = new DescribeReservedNodeExchangeStatusCommand({ MaxRecords: 100, Marker });
        const page = await client.send(command, { abortSignal: limit() });
        return { items: page.ReservedNodeExchangeStatusDetails, nextToken: page.Marker };
      } catch (thrown) {
        if (!saysOneOf(thrown, EXCHANGE_ABSENT_CODES)) throw thrown;
        return { items: [], nextToken: undefined };
      }
    },
  });
}

/** The target of an exchange, as far as Redshift states it. */
function intoWhat(exchange: ReservedNodeExchangeStatus): string {
  const { TargetReservedNodeCount: count, TargetReservedNodeType: type, TargetReservedNodeOfferingId: id } = exchange;
  const nodes = [count, type].filter((part) => part !== undefined).join(" ") || "other nodes";
  return `exchanged into ${nodes}${id === undefined ? "" : ` of offering ${id}`}`;
}

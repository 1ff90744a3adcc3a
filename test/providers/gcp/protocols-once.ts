import { RegionCommitmentsClient } from "@google-cloud/compute";
import type { GcpClientChoice } from "buyonce/simulator";

/** The part of Google's clients that reads their protocol. */
interface ProtocolReader {
  protobufFromJSON(protocol: object, ignoreCache?: boolean): unknown;
}

/**
 * Lets each protocol be read once for this process.
 *
 * Google's clients look up what they have read by a hash over megabytes, which takes longer than most tests.
 */
function readProtocolsOnce(client: object): void {
  const reader = Reflect.get(Reflect.get(client, "_gaxGrpc"), "constructor") as ProtocolReader;
  const usual = reader.protobufFromJSON.bind(reader);
  const read = new WeakMap<object, unknown>();
  reader.protobufFromJSON = (protocol) => {
    const known = read.get(protocol) ?? usual(protocol);
    read.set(protocol, known);
    return known;
  };
}

const client = new RegionCommitmentsClient({ projectId: "none", fallback: true });
readProtocolsOnce(client);

const { version } = Reflect.get(client, "_gaxModule") as { readonly version: string };

/**
 * Whether the installed clients hand on the reasons that Google states. Those of google-gax 5 lose them where errors
 * arrive with gRPC codes; later ones keep the whole answer beside each error.
 */
export const keepsReasons = (auth: GcpClientChoice["auth"]): boolean =>
  auth !== "grpc-codes" || Number.parseInt(version, 10) > 5;

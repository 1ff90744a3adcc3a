import * as z from "zod/mini";
import { SimulatedError } from "../../../simulated-error.js";
import { type AwsOperation, operation } from "../../aws-service.js";
import type { AwsProtocol } from "../../protocol/aws-protocol.js";
import { queryPage, reservationTagsQuery } from "../../reserved-nodes/reservation-input.js";

/**
 * The tag operations of Redshift. Nothing that is bought here can have a tag.
 *
 * Reserved nodes are missing among the resource types that Redshift lists ("DescribeTags" in the Redshift API reference).
 * No document says what Redshift answers to the name of one. Here such a name is not found.
 */
export const redshiftTags = (protocol: AwsProtocol) => ({
  DescribeTags: describeTags(protocol),
  CreateTags: refuseName(protocol, { Tags: reservationTagsQuery(/^aws:/i) }),
  DeleteTags: refuseName(protocol, { TagKeys: z.unknown() }),
});

function describeTags(protocol: AwsProtocol): AwsOperation {
  const input = z.object({
    ResourceName: z.optional(z.string()),
    ResourceType: z.optional(z.string()),
    TagKeys: z.optional(z.unknown()),
    TagValues: z.optional(z.unknown()),
    ...queryPage,
  });
  return operation(protocol, input, ({ ResourceName }) => {
    if (ResourceName !== undefined) throw notFound(ResourceName);
    return { TaggedResources: { TaggedResource: [] } };
  });
}

function refuseName(protocol: AwsProtocol, more: Readonly<Record<string, z.ZodMiniType>>): AwsOperation {
  const input = z.object({ ResourceName: z.string(), ...more });
  return operation(protocol, input, ({ ResourceName }) => {
    throw notFound(String(ResourceName));
  });
}

const notFound = (name: string): SimulatedError =>
  new SimulatedError("ResourceNotFoundFault", 404, `The resource ${name} does not exist or cannot have tags`);

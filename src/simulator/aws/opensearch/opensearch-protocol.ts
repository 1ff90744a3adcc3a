import { AwsError } from "../aws-error.js";
import type { AwsProtocol } from "../protocol/aws-protocol.js";
import { restJson } from "../protocol/rest-json.js";
import type { ReservedNodesErrors } from "../reserved-nodes/reserved-nodes-errors.js";

/** The rest-json protocol with the errors of OpenSearch Service. */
export const openSearchProtocol: AwsProtocol = {
  ...restJson,
  refusals: {
    ...restJson.refusals,
    internal: () => new AwsError("InternalException", 500, restJson.refusals.internal().message),
  },
};

/** What OpenSearch Service says of an absent thing and of a name that is taken: 409 to both, told apart by name only. */
export const openSearchErrors: ReservedNodesErrors = {
  offeringNotFound: (id) =>
    new AwsError("ResourceNotFoundException", 409, `Reserved instance offering not found: ${id}`),
  notFound: (id) => new AwsError("ResourceNotFoundException", 409, `Reserved instance not found: ${id}`),
  alreadyExists: (name) =>
    new AwsError("ResourceAlreadyExistsException", 409, `A reservation with the name ${name} already exists`),
};

import * as z from "zod/mini";
import { repeatsPageToken } from "../../call-effects.js";
import { pageOf } from "../../paging.js";
import { SimulatedError } from "../../simulated-error.js";
import { type AwsOperation, type AwsService, operation } from "../aws-service.js";
import type { AwsWorld } from "../aws-world.js";
import { awsJson } from "../protocol/aws-json.js";
import { byTarget } from "../routing.js";
import type { OrganizationAccount } from "../usage/organization.js";

const json = awsJson({ invalidInput: "InvalidInputException", internal: "ServiceException" });
const protocol = {
  ...json,
  refusals: {
    ...json.refusals,
    throttled: () => new SimulatedError("TooManyRequestsException", 400, "Rate exceeded"),
  },
};

/** Organizations, as far as it lists the accounts. It has one endpoint for all regions. */
export const organizationsService = (world: AwsWorld): AwsService => ({
  signingName: "organizations",
  name: "aws.organizations",
  protocol,
  operationOf: byTarget("AWSOrganizationsV20161128"),
  operations: { ListAccounts: listAccounts(world) },
  commitments: () => [],
});

const input = z.object({
  NextToken: z.optional(z.string()),
  MaxResults: z._default(z.int().check(z.gte(1), z.lte(20)), 20),
});

function listAccounts({ organization, settings }: AwsWorld): AwsOperation {
  return operation(protocol, input, ({ NextToken: token, MaxResults: size }, call) => {
    const role = organization.roleOf(call.account);
    if (role === undefined)
      throw new SimulatedError(
        "AWSOrganizationsNotInUseException",
        400,
        "Your account is not a member of an organization.",
      );
    if (role === "member")
      throw new SimulatedError("AccessDeniedException", 400, "You don't have permissions to access this resource.");
    const { emptyPages } = settings;
    const page = pageOf(organization.accounts(), { token, size, emptyPages, repeatToken: repeatsPageToken(call) });
    if (page === undefined) throw protocol.refusals.invalidInput({ field: "NextToken", missing: false, message: "" });
    return { Accounts: page.rows.map(accountJson), NextToken: page.nextToken };
  });

  function accountJson({ id, name = `Account ${id}`, state = "ACTIVE" }: OrganizationAccount): object {
    const isOld = state === "ACTIVE" || state === "SUSPENDED" || state === "PENDING_CLOSURE";
    return {
      Id: id,
      Arn: `arn:aws:organizations::${organization.payerOf(id)}:account/o-simulated00/${id}`,
      Email: `${id}@example.com`,
      Name: name,
      State: state,
      // The older word for the state. The states that came later have none.
      ...(isOld && { Status: state }),
      JoinedMethod: "CREATED",
      JoinedTimestamp: 1_700_000_000,
    };
  }
}

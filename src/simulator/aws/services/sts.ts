import * as z from "zod/mini";
import { type AwsService, operation } from "../aws-service.js";
import { awsQuery } from "../protocol/aws-query.js";
import { byAction } from "../routing.js";

const protocol = awsQuery("https://sts.amazonaws.com/doc/2011-06-15/");

/** STS, as far as it says whose credentials these are. */
export const stsService: AwsService = {
  signingName: "sts",
  name: "aws.sts",
  protocol,
  operationOf: byAction("2011-06-15"),
  operations: {
    GetCallerIdentity: operation(protocol, z.object({}), (_input, { account }) => ({
      Arn: `arn:aws:iam::${account}:user/simulator`,
      UserId: "AIDASIMULATORUSER000",
      Account: account,
    })),
  },
  commitments: () => [],
};

import { awsJson } from "../protocol/aws-json.js";

/** The JSON protocol with the error names of Redshift Serverless. */
export const redshiftServerlessProtocol = awsJson({
  invalidInput: "ValidationException",
  internal: "InternalServerException",
});

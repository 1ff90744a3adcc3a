import * as z from "zod/mini";
import { once } from "../once.js";
import { awsRegionalShape, type CommonRequest } from "./common.js";

/**
 * RDS reserved DB instances, bought with `PurchaseReservedDBInstancesOffering`.
 *
 * `engine` is the product description, exactly as RDS spells it ("mysql", "aurora-postgresql", "oracle-se2(byol)").
 * Names that stand for several products ("aurora", "oracle", "sqlserver", "db2") are refused.
 */
export interface AwsRdsRequest extends CommonRequest {
  readonly service: "aws.rds";
  /** Such as `db.r6g.large`. */
  readonly dbInstanceClass: string;
  readonly engine: string;
  readonly multiAz: boolean;
}

const AMBIGUOUS_ENGINES: readonly string[] = ["aurora", "oracle", "sqlserver", "db2", "postgres"];

/** Parses {@link AwsRdsRequest}. */
export const awsRdsSchema = once(() =>
  z.strictObject({
    service: z.literal("aws.rds"),
    ...awsRegionalShape(),
    dbInstanceClass: z
      .string()
      .check(z.regex(/^db\.[a-z0-9-]+\.[a-z0-9-]+$/, 'must be a DB instance class such as "db.r6g.large"')),
    engine: z.string().check(
      z.regex(/^[a-z0-9]+(-[a-z0-9]+)*( ?\((li|byol)\))?$/, 'must be a product description of RDS such as "mysql"'),
      z.refine((engine) => !AMBIGUOUS_ENGINES.includes(engine), 'must name one product, such as "aurora-mysql"'),
    ),
    multiAz: z.boolean(),
  }),
);

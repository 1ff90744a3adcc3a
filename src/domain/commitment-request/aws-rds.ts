import * as z from "zod/mini";
import { once } from "../once.js";
import { awsRegionalShape, type CommonRequest } from "./common.js";

/**
 * RDS reserved DB instances, bought with `PurchaseReservedDBInstancesOffering`.
 *
 * `engine` is the product description, in the words of RDS ("mysql", "aurora-postgresql", "oracle-se2 (byol)"). RDS
 * spells it with and without a blank before the bracket, so a blank makes no difference. Names that stand for several
 * products ("aurora", "oracle", "sqlserver", "db2") are refused.
 */
export interface AwsRdsRequest extends CommonRequest {
  readonly service: "aws.rds";
  /** Such as `db.r6g.large` or `db.r5.4xlarge.tpc2.mem2x`. */
  readonly dbInstanceClass: string;
  readonly engine: string;
  /** For Aurora, this only decides between offerings that are alike otherwise: RDS lists Aurora under both values. */
  readonly multiAz: boolean;
}

const AMBIGUOUS_ENGINES: readonly string[] = ["aurora", "oracle", "sqlserver", "db2", "postgres"];

const OPEN_ENGINES = ["aurora-mysql", "aurora-postgresql", "mariadb", "mysql", "postgresql"] as const;
const LICENSED_ENGINES = [
  "db2-ae",
  "db2-se",
  "oracle-ee",
  "oracle-se2",
  "sqlserver-ee",
  "sqlserver-ex",
  "sqlserver-se",
  "sqlserver-web",
] as const;

/** The product descriptions that are known today, to suggest one for a slip. RDS adds others without a new API version. */
export const RDS_ENGINES: readonly string[] = [
  ...OPEN_ENGINES,
  ...LICENSED_ENGINES.flatMap((engine) => [`${engine} (byol)`, `${engine} (li)`]),
];

/** What stands before the bracket of a product description: the engine without its license. */
export const engineWithoutLicense = (productDescription: string): string => productDescription.replace(/\s*\(.*$/, "");

/** Parses {@link AwsRdsRequest}. */
export const awsRdsSchema = once(() =>
  z.strictObject({
    service: z.literal("aws.rds"),
    ...awsRegionalShape(),
    dbInstanceClass: z
      .string()
      .check(z.regex(/^db(\.[a-z0-9-]+){2,}$/, 'must be a DB instance class such as "db.r6g.large"')),
    engine: z.string().check(
      z.regex(/^[a-z0-9]+(-[a-z0-9]+)*( ?\([a-z0-9-]+\))?$/, 'must be a product description of RDS such as "mysql"'),
      z.refine((engine) => !AMBIGUOUS_ENGINES.includes(engine), 'must name one product, such as "aurora-mysql"'),
    ),
    multiAz: z.boolean(),
  }),
);

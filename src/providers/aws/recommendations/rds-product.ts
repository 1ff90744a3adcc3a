import type { RDSInstanceDetails } from "@aws-sdk/client-cost-explorer";

/** What RDS sells for the words of a recommendation. */
export interface RdsProduct {
  /** The product description. */
  readonly engine: string;
  readonly multiAz: boolean;
}

/**
 * The product descriptions by engine, edition and license, in the words of the price list of RDS (`databaseEngine`,
 * `databaseEdition`, `licenseModel`), which are those of Cost Explorer. Words that stand for several products are left
 * out, and so is what RDS sells no longer, such as Oracle Standard One.
 */
const PRODUCTS: ReadonlyMap<string, string> = new Map([
  ["aurora mysql", "aurora-mysql"],
  ["aurora postgresql", "aurora-postgresql"],
  ["mariadb", "mariadb"],
  ["mysql", "mysql"],
  ["postgresql", "postgresql"],
  ["db2|advanced|bring your own license", "db2-ae (byol)"],
  ["db2|standard|bring your own license", "db2-se (byol)"],
  ["oracle|enterprise|bring your own license", "oracle-ee (byol)"],
  ["oracle|standard two|bring your own license", "oracle-se2 (byol)"],
  ["oracle|standard two|license included", "oracle-se2 (li)"],
  ["sql server|enterprise|license included", "sqlserver-ee (li)"],
  ["sql server|express|license included", "sqlserver-ex (li)"],
  ["sql server|standard|license included", "sqlserver-se (li)"],
  ["sql server|web|license included", "sqlserver-web (li)"],
]);

/**
 * The product of RDS that a recommendation names, or a text that says what is not known.
 *
 * A combination that is not in the table is refused, and never taken for one that is near.
 */
export function rdsProduct(details: RDSInstanceDetails): RdsProduct | string {
  const { DatabaseEngine, DatabaseEdition, LicenseModel, DeploymentOption, DeploymentModel } = details;
  if (stated(DeploymentModel) !== "") return `no API sells reservations for deployment model "${DeploymentModel}"`;
  const engineText = stated(DatabaseEngine).replace(/^aurora-/, "aurora ");
  const words = [engineText, stated(DatabaseEdition), stated(LicenseModel)];
  const engine = PRODUCTS.get(words.filter((word) => word !== "" && word !== "no license required").join("|"));
  if (engine === undefined)
    return `it is not known which product of RDS is meant by engine "${DatabaseEngine ?? ""}", edition "${DatabaseEdition ?? ""}" and license "${LicenseModel ?? ""}"`;
  const multiAz = isMultiAz(stated(DeploymentOption), engine);
  if (multiAz === undefined)
    return `it is not known what RDS reserves for deployment option "${DeploymentOption ?? ""}" of ${engine}`;
  return { engine, multiAz };
}

/**
 * Whether a deployment option is that of a standby in another zone.
 *
 * SQL Server has it under a name of its own. A cluster with readable standbys is reserved as single instances, how many
 * is not stated.
 */
function isMultiAz(option: string, engine: string): boolean | undefined {
  if (option === "single-az") return false;
  if (option === "multi-az") return true;
  return option === "multi-az (sql server mirror)" && engine.startsWith("sqlserver-") ? true : undefined;
}

/** A word in small letters. "NA" is how the price lists leave a word out. */
const stated = (word: string | undefined): string => {
  const text = (word ?? "").trim().toLowerCase();
  return text === "na" ? "" : text;
};

import type { Product } from "../../usage/usage-book.js";

/** What is recommended, in the words of Cost Explorer for the service: the field of its details, and the details. */
export function instanceDetails(product: Product): object {
  const { service, nodeType, region: Region, productDescription: ProductDescription = "", tenancy } = product;
  const Family = nodeType.slice(0, nodeType.lastIndexOf("."));
  const common = { Region, CurrentGeneration: true, SizeFlexEligible: false };
  switch (service) {
    case "aws.ec2": {
      const Tenancy = tenancy === "default" ? "shared" : "dedicated";
      return {
        EC2InstanceDetails: { ...common, Family, InstanceType: nodeType, Platform: ProductDescription, Tenancy },
      };
    }
    case "aws.rds":
      return { RDSInstanceDetails: { ...common, Family, InstanceType: nodeType, ...databaseWords(product) } };
    case "aws.elasticache":
      return { ElastiCacheInstanceDetails: { ...common, Family, NodeType: nodeType, ProductDescription } };
    case "aws.opensearch": {
      const [InstanceClass = "", ...size] = nodeType.split(".");
      return { ESInstanceDetails: { ...common, InstanceClass, InstanceSize: size.join(".") } };
    }
    case "aws.redshift":
      return { RedshiftInstanceDetails: { ...common, Family, NodeType: nodeType } };
    case "aws.memorydb":
      return { MemoryDBInstanceDetails: { ...common, Family, NodeType: nodeType } };
    case "aws.dynamodb":
      return {};
  }
}

/** Engine, edition and license in the words of the price list of RDS, by the product description. */
const WORDS: Readonly<Record<string, readonly [engine: string, edition?: string]>> = {
  "aurora-mysql": ["Aurora MySQL"],
  "aurora-postgresql": ["Aurora PostgreSQL"],
  mariadb: ["MariaDB"],
  mysql: ["MySQL"],
  postgresql: ["PostgreSQL"],
  "oracle-ee": ["Oracle", "Enterprise"],
  "oracle-se2": ["Oracle", "Standard Two"],
  "sqlserver-ee": ["SQL Server", "Enterprise"],
  "sqlserver-se": ["SQL Server", "Standard"],
};

function databaseWords({ productDescription = "", multiAz }: Product): object {
  const [DatabaseEngine = productDescription, DatabaseEdition = ""] =
    WORDS[productDescription.replace(/ ?\(.*$/, "")] ?? [];
  const single = multiAz ? "Multi-AZ" : "Single-AZ";
  return {
    DatabaseEngine,
    DatabaseEdition,
    LicenseModel: licenseOf(productDescription),
    DeploymentOption: multiAz && DatabaseEngine === "SQL Server" ? "Multi-AZ (SQL Server Mirror)" : single,
  };
}

function licenseOf(productDescription: string): string {
  if (productDescription.includes("(byol)")) return "Bring your own license";
  return productDescription.includes("(li)") ? "License included" : "No license required";
}

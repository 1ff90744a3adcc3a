import type { ReservationPrice } from "./reservation-prices.js";

/** What one costs a month for one year in `westus`, in hundredths. */
const CENTS_A_MONTH: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  VirtualMachines: {
    Standard_B1ls: 266,
    Standard_B2s: 1_780,
    Standard_D2s_v3: 4_150,
    Standard_D4s_v5: 8_310,
    Standard_E8s_v5: 21_690,
  },
  SqlDatabases: { SQLDB_GP_Compute_Gen5: 11_940, SQLMI_GP_Compute_Gen5: 12_130 },
  RedisCache: { Redis_Cache_Premium_P1: 26_400, Redis_Cache_Premium_P2: 52_800 },
  CosmosDb: { "100RU/s": 470 },
  SqlDataWarehouse: { DW100c: 69_350 },
  AppService: { P1v3: 7_360, P2v3: 14_720 },
  PostgreSql: { PostgreSql_GP_Compute_Gen5: 7_540 },
  MySql: { MySql_GP_Compute_Gen5: 7_540 },
  MariaDb: { MariaDb_GP_Compute_Gen5: 7_540 },
  ManagedDisk: { Premium_SSD_P30: 12_850 },
  BlockBlob: { Blob_Hot_LRS_100TB: 174_700 },
  DedicatedHost: { DSv3_Type3: 197_500 },
  AzureDataExplorer: { Data_Explorer_Markup: 5_250 },
  RedHat: { RHEL_1_4_vCPU: 3_620 },
  SuseLinux: { SLES_1_2_vCPU: 4_460 },
};

/** By how much a place is dearer than `westus`. */
const LOCATIONS = [
  { location: "westus", dearer: 1 },
  { location: "eastus", dearer: 1 },
  { location: "northeurope", dearer: 1.08 },
  { location: "westeurope", dearer: 1.15 },
  { location: "uksouth", dearer: 1.17 },
] as const;

/** Three years cost less a month than one. */
const TERMS = [
  { term: "P1Y", months: 12, factor: 1 },
  { term: "P3Y", months: 36, factor: 0.65 },
] as const;

/** The prices that every simulator starts with; each divides into whole hundredths a month. */
export function seededReservationPrices(): ReservationPrice[] {
  return Object.entries(CENTS_A_MONTH).flatMap(([reservedResourceType, skus]) =>
    Object.entries(skus).flatMap(([sku, cents]) => pricesOf({ reservedResourceType, sku }, cents)),
  );
}

function pricesOf(of: Pick<ReservationPrice, "reservedResourceType" | "sku">, cents: number): ReservationPrice[] {
  return LOCATIONS.flatMap(({ location, dearer }) =>
    TERMS.map(({ term, months, factor }) => {
      const amount = (Math.round(cents * dearer * factor) * months) / 100;
      return { ...of, location, term, amount };
    }),
  );
}

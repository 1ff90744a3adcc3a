import type { Term } from "./common.js";

/** What is known of an offer by its name. */
export interface KnownGcpOffer {
  readonly term: Term;
  /**
   * Which billing accounts may buy it: those `before` or those `after` they opted in to the new model of spend-based
   * committed use discounts. Absent where one name serves both.
   */
  readonly model?: "before" | "after";
}

/**
 * The offers of spend-based committed use discounts that were read on Google's page "Purchase a spend-based
 * commitment", by product and id.
 *
 * The list is not complete, and Google adds offers. It only stops a line that states another term than its offer has:
 * an offer that is not listed is taken, and Google judges it.
 */
const OFFERS: Readonly<Record<string, Readonly<Record<string, KnownGcpOffer>>>> = {
  "alloydb.googleapis.com": {
    "adbca020-a973-48c9-b9b6-f5d70527790c": { term: "1yr", model: "before" },
    "ff04ec3e-278c-4ec8-8278-12f875a8cea2": { term: "1yr", model: "after" },
    "56e5948f-f1ed-45ce-84d6-a8408092e7d5": { term: "3yr", model: "before" },
    "9522b4d8-bff7-4141-81d6-b71d9113c69a": { term: "3yr", model: "after" },
  },
  "backupdr.googleapis.com": {
    "5b446c4d-ce38-4d1a-8c76-e8b04ad50069": { term: "1yr", model: "before" },
    "16e6132e-8a72-4a7f-8941-bf52246afc82": { term: "1yr", model: "after" },
    "0dba7aa1-3215-4d44-9581-e1c34ca94471": { term: "3yr", model: "before" },
    "1e028b05-4344-4bca-87e7-235ee3536354": { term: "3yr", model: "after" },
    "30c7e770-724f-4a7d-8369-b726a397b53a": { term: "1yr" },
    "6748e93c-4114-4fa2-bf3e-cb4d3534bb48": { term: "3yr" },
  },
  "bigqueryreservation.googleapis.com": {
    "6e72d4d4-5591-4c7f-aa9f-88d277d9280c": { term: "1yr", model: "before" },
    "d73ae4d8-d096-4c9b-9c20-cd92c3c53724": { term: "1yr", model: "after" },
    "ad5539c4-a0d9-4abd-82c9-1104a7c8ad64": { term: "3yr", model: "before" },
  },
  "bigtable.googleapis.com": {
    "5a0a5567-1552-445e-9f1b-f1ac69fb0f39": { term: "1yr", model: "before" },
    "26e8485e-acef-4e73-9a13-f0b2109befff": { term: "3yr", model: "before" },
  },
  "compute.googleapis.com": {
    "ffe0f6a3-2f98-437e-8d49-fc443a05d3c2": { term: "1yr", model: "before" },
    "062a285d-8989-4ce7-8f9a-bed8d183236f": { term: "3yr", model: "before" },
  },
  "gkebackup.googleapis.com": {
    "89852607-f073-4696-94cc-de7ed85f27c7": { term: "1yr" },
    "25d2877b-2868-4312-b54e-880896a119c5": { term: "3yr" },
  },
  "run.googleapis.com": {
    "55435965-baf5-485f-baea-3fde53566e5e": { term: "1yr", model: "before" },
    "a8b22b6c-2992-48d3-9b73-98fc7a47d61c": { term: "3yr", model: "before" },
  },
  "spanner.googleapis.com": {
    "29829e5f-681c-4810-a471-8e4611a8042b": { term: "1yr", model: "before" },
    "709f6c69-8a49-4032-97f7-ce21fe340603": { term: "3yr", model: "before" },
  },
  "vmwareengine.googleapis.com": {
    "094acb28-d4fc-49fb-9490-0c469cc7048e": { term: "1yr" },
    "f179581e-c899-4271-9462-9f9e0ed1526c": { term: "3yr" },
  },
};

const STANDARD_OFFER = /^services\/([^/]+)\/standardOffers\/([^/]+)$/;

/** What is known of an offer; `undefined` for one that is not listed here. */
export function knownGcpOffer(offer: string): KnownGcpOffer | undefined {
  const [, service = "", id = ""] = STANDARD_OFFER.exec(offer) ?? [];
  const known = Object.hasOwn(OFFERS, service) ? OFFERS[service] : undefined;
  return known !== undefined && Object.hasOwn(known, id) ? known[id] : undefined;
}

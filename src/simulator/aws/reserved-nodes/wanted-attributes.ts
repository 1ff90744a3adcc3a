import * as z from "zod/mini";
import { TERM_SECONDS } from "../terms-and-prices.js";
import type { ReservedNodesOffering } from "./reserved-nodes-offering.js";

/** A term, sent as text: years or seconds. */
export const duration = z.pipe(
  z.enum(["1", "3", "31536000", "94608000"]),
  z.transform((text) => (text === "1" || text === "31536000" ? TERM_SECONDS.oneYear : TERM_SECONDS.threeYears)),
);

type Attributes = Pick<
  ReservedNodesOffering,
  "nodeType" | "durationSeconds" | "offeringType" | "productDescription" | "multiAz"
>;

/** The attributes a listing is asked for; one that is absent fits everything. */
export type WantedAttributes = { readonly [Name in keyof Attributes]?: unknown };

/** Whether the offering has every attribute that is asked for. */
export function hasAttributes(offering: ReservedNodesOffering, wanted: WantedAttributes): boolean {
  const actual: Readonly<Record<string, unknown>> = { ...offering };
  return Object.entries(wanted).every(([name, value]) => value === undefined || value === actual[name]);
}

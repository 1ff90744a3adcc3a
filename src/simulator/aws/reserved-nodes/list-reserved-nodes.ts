import { listedAsOf, repeatsPageToken } from "../../call-effects.js";
import { type Page, pageOf } from "../../paging.js";
import type { AwsCall } from "../aws-service.js";
import type { ReservedNodes } from "./reserved-nodes.js";
import type { ReservedNodesOffering } from "./reserved-nodes-offering.js";
import type { ReservedNodesShop } from "./reserved-nodes-shop.js";

/** What a listing is asked for. */
export interface ListingRequest<Row> {
  /** The one row that is wanted; an id that is not listed is refused. */
  readonly id?: string | undefined;
  readonly isWanted?: (row: Row) => boolean;
  readonly page: RequestedPage;
}

/** Which page of a listing, and the parameter that says so. */
export interface RequestedPage {
  readonly token?: string | undefined;
  readonly size: number;
  readonly tokenField: string;
}

type Listed<Row> = Omit<ListingRequest<Row>, "id"> & { readonly rows: readonly Row[]; readonly call: AwsCall };

/** One page of what is on sale in the region of the call. */
export function listOfferings(
  shop: ReservedNodesShop,
  { id, ...request }: ListingRequest<ReservedNodesOffering>,
  call: AwsCall,
): Page<ReservedNodesOffering> {
  const onSale = shop.world.catalogue.reservedNodes(shop.service, call.region, listedAsOf(call));
  const rows = onSale.filter((row) => id === undefined || row.offeringId === id);
  if (id !== undefined && rows.length === 0) throw shop.errors.offeringNotFound(id);
  return pageFor(shop, { ...request, rows, call });
}

/** One page of the caller's reservations in the region of the call. */
export function listReservedNodes(
  shop: ReservedNodesShop,
  { id, ...request }: ListingRequest<ReservedNodes>,
  call: AwsCall,
): Page<ReservedNodes> {
  const listed = shop.shelf.listed(call, listedAsOf(call));
  const rows = listed.filter((row) => id === undefined || row.id === id);
  if (id !== undefined && rows.length === 0) throw shop.errors.notFound(id);
  return pageFor(shop, { ...request, rows, call });
}

function pageFor<Row>(shop: ReservedNodesShop, { rows, isWanted = () => true, page, call }: Listed<Row>): Page<Row> {
  const { emptyPages } = shop.world.settings;
  const { token, size, tokenField } = page;
  const wanted = rows.filter(isWanted);
  const found = pageOf(wanted, { token, size, emptyPages, repeatToken: repeatsPageToken(call) });
  if (found !== undefined) return found;
  throw shop.protocol.refusals.invalidInput({ field: tokenField, missing: false, message: "is not a valid token" });
}

import type { AzureReservationsRequest } from "../../../domain/commitment-request/azure-reservations.js";
import { needKeyWithout } from "../../need-key.js";
import { sameScope } from "../same-scope.js";

/**
 * What a reservation covers. Azure does not tell small letters from capitals, and whether sizes share the benefit has a
 * default. So neither makes another need.
 */
export const reservationNeedKey = (request: AzureReservationsRequest): string =>
  needKeyWithout(
    {
      ...request,
      reservedResourceType: request.reservedResourceType.toLowerCase(),
      sku: request.sku.toLowerCase(),
      scope: sameScope(request.scope),
    },
    ["renew", "instanceFlexibility"],
  );

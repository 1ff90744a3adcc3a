import { expect, test } from "vitest";
import { adapterOf, preparedPurchase } from "./every-adapter.js";

const HOSTS = adapterOf("aws.ec2-dedicated-hosts");

test.each([
  "InvalidClientToken",
  "InvalidHostID.NotFound",
  "InvalidHostId.Malformed",
  "InvalidHostReservationOfferingId.Malformed",
  "InvalidInstanceFamily",
])("a purchase of host reservations that is refused with %s is not asked again for ever", async (code) => {
  const { answer, purchase } = await preparedPurchase(HOSTS);
  await answer(HOSTS.purchase, { code, status: 400 });
  expect(await purchase()).toMatchObject({ kind: "rejected", rejection: { code } });
});

test("hosts that are covered already may be covered by an earlier request of the line", async () => {
  const { answer, purchase } = await preparedPurchase(HOSTS);
  await answer(HOSTS.purchase, { code: "HostAlreadyCoveredByReservation", status: 400 });
  expect(await purchase()).toMatchObject({ kind: "unknown" });
});

import {
  DescribeReservedInstancesOfferingsCommand,
  EC2Client,
  PurchaseReservedInstancesOfferingCommand,
} from "@aws-sdk/client-ec2";
import type { Stage } from "./stage.js";

const ACCOUNT = "999999999999";

/** The same lost reply without buyonce: the stock client sends the purchase again, and the cloud sells again. */
export async function bareSdk(stage: Stage): Promise<void> {
  const client = new EC2Client({
    region: "eu-west-1",
    endpoint: stage.cloud.url,
    credentials: stage.cloud.credentialsFor(ACCOUNT),
  });
  const offerings = await client.send(
    new DescribeReservedInstancesOfferingsCommand({ InstanceType: "m5.large", MaxResults: 5 }),
  );
  const ReservedInstancesOfferingId = offerings.ReservedInstancesOfferings?.[0]?.ReservedInstancesOfferingId;
  await stage.cloud.faults.add({
    operation: "PurchaseReservedInstancesOffering",
    kind: "reset-after",
    times: 2,
    match: { account: ACCOUNT },
  });
  const purchase = new PurchaseReservedInstancesOfferingCommand({ ReservedInstancesOfferingId, InstanceCount: 1 });
  const answer = await client.send(purchase).then(() => "resolved", String);
  client.destroy();
  const bought = (await stage.cloud.ledger.purchases()).filter(({ account }) => account === ACCOUNT).length;
  const sent = (await stage.cloud.ledger.requests()).filter(
    ({ account, operation }) => account === ACCOUNT && operation === "PurchaseReservedInstancesOffering",
  ).length;
  stage.say(
    `for contrast, one send() of the bare SDK client with two lost replies: sent ${sent} times, bought ${bought} times, send() ${answer}`,
  );
}

import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { describe, expect, test } from "vitest";
import { silentLogger } from "../../../../src/domain/logger.js";
import { awsOrganizationAccounts } from "../../../../src/providers/aws/index.js";
import { USAGE } from "../../../simulator/aws-usage.js";
import { ACCOUNT, clientOf, OTHER_ACCOUNT } from "../../../simulator/simulated-aws.js";
import { collect, recommendingAws } from "./support/recommending-aws.js";

const [INSTANCES] = USAGE.instances;
const ofEc2 = { services: ["aws.ec2"], terms: ["1yr"] } as const;

describe("the accounts of an organization", () => {
  test("are those in use on all pages, sorted, and are asked one by one", async () => {
    const { simulator, reservations } = await recommendingAws({
      instances: [INSTANCES, { ...INSTANCES, account: OTHER_ACCOUNT, count: 1 }],
    });
    const others = Array.from({ length: 25 }, (_, index) => ({ id: String(900_000_000_025 - index) }));
    await simulator.organization.set({
      managementAccount: OTHER_ACCOUNT,
      accounts: [...others, { id: "222222222222", state: "SUSPENDED" }, { id: ACCOUNT }],
    });
    const client = clientOf(OrganizationsClient, simulator, { account: OTHER_ACCOUNT });
    const accounts = awsOrganizationAccounts({ client });
    const signal = new AbortController().signal;
    const found = await accounts.accounts({ signal, logger: silentLogger, call: (_api, send) => send(signal) });
    expect(found).toEqual([ACCOUNT, OTHER_ACCOUNT, ...others.map(({ id }) => id).sort()]);
    const { recommendations, failures } = await collect([reservations(ofEc2)], { accounts });
    expect(failures).toEqual([]);
    // The management account answers for its members too.
    expect(recommendations.map(({ askedAccount, account, title }) => [askedAccount, account, title])).toEqual([
      [ACCOUNT, ACCOUNT, "4 x m5.large Linux/UNIX"],
      [OTHER_ACCOUNT, OTHER_ACCOUNT, "1 x m5.large Linux/UNIX"],
      [OTHER_ACCOUNT, ACCOUNT, "4 x m5.large Linux/UNIX"],
    ]);
    const payer = await collect([reservations({ ...ofEc2, accountScope: "payer" })], { accounts: [OTHER_ACCOUNT] });
    expect(payer.recommendations).toMatchObject([
      { account: OTHER_ACCOUNT, variant: "payer standard", title: "5 x m5.large Linux/UNIX" },
    ]);
  });

  test("are a typed failure for an account that may not list them", async () => {
    const { simulator, reservations } = await recommendingAws({});
    await simulator.organization.set({ managementAccount: OTHER_ACCOUNT, accounts: [{ id: ACCOUNT }] });
    const accounts = awsOrganizationAccounts({ client: clientOf(OrganizationsClient, simulator) });
    await expect(collect([reservations(ofEc2)], { accounts })).rejects.toMatchObject({
      code: "COLLECTION_FAILED",
      details: { failures: [{ kind: "denied", place: { account: null } }] },
    });
  });
});

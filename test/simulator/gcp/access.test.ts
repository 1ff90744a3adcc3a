import { describe, expect, it } from "vitest";
import {
  type Answer,
  ask,
  COMMITMENT,
  compute,
  insert,
  OTHER_PROJECT,
  PROJECT,
  REGION,
  simulatedGcp,
} from "./simulated-gcp.js";

const OWN_ACCOUNT = `simulator@${PROJECT}.iam.gserviceaccount.com`;
const LIST = `/locations/${REGION}/recommenders/google.compute.commitment.UsageCommitmentRecommender/recommendations`;
const READER = "reader@example.com";

describe("a principal", () => {
  it.each([
    ["nobody", undefined],
    ["whoever is named by the token", "somebody@example.com"],
    ["the issuer of a JSON Web Token", jwt({ iss: OWN_ACCOUNT })],
    ["the subject of a JSON Web Token", jwt({ iss: "other", sub: OWN_ACCOUNT })],
  ])("%s is let in, and named in the operation", async (_who, bearer) => {
    const simulator = await simulatedGcp();
    const user = bearer?.includes(".") && !bearer.includes("@") ? OWN_ACCOUNT : (bearer ?? "anonymous");
    const asking = { method: "POST", body: COMMITMENT, ...(bearer && { bearer }) } as const;
    expect(await ask(simulator, compute("commitments"), asking)).toMatchObject({ status: 200, body: { user } });
  });

  it("with a token in three parts that says nothing is named by the token", async () => {
    const simulator = await simulatedGcp();
    const asking = { method: "POST", body: COMMITMENT, bearer: "ya29.a0.secret" } as const;
    expect((await ask(simulator, compute("commitments"), asking)).body.user).toBe("ya29.a0.secret");
  });

  it("that is a project's service account is refused elsewhere, in the words of each service", async () => {
    const simulator = await simulatedGcp();
    const bearer = OWN_ACCOUNT;
    expect(await ask(simulator, compute("commitments"), { bearer })).toMatchObject({ status: 200 });
    expect(await ask(simulator, compute("commitments", { project: OTHER_PROJECT }), { bearer })).toEqual(
      forbidden(`Required 'compute.commitments.list' permission for 'projects/${OTHER_PROJECT}'`),
    );
    expect(await ask(simulator, `/v1/projects/${PROJECT}${LIST}`, { bearer })).toMatchObject({ status: 200 });
    const message = `Permission 'recommender.usageCommitmentRecommendations.list' denied on resource 'projects/${OTHER_PROJECT}'.`;
    expect(await ask(simulator, `/v1/projects/${OTHER_PROJECT}${LIST}`, { bearer })).toEqual({
      status: 403,
      body: { error: { code: 403, message, status: "PERMISSION_DENIED" } },
    });
  });

  it("may use the projects that it was given, and no other", async () => {
    const principals = { [OWN_ACCOUNT]: { projects: [OTHER_PROJECT] } };
    const simulator = await simulatedGcp({ principals });
    const statusIn = async (project: string) =>
      (await ask(simulator, compute("commitments", { project }), { bearer: OWN_ACCOUNT })).status;
    expect([await statusIn(OTHER_PROJECT), await statusIn(PROJECT)]).toEqual([200, 403]);
  });

  it("may do what it was permitted, and nothing else", async () => {
    const permissions = ["compute.commitments.list", "compute.regionOperations.get"];
    const simulator = await simulatedGcp({ principals: { [READER]: { permissions } } });
    const bearer = READER;
    const { body: operation } = await insert(simulator);
    const permitted = [
      await ask(simulator, compute("commitments"), { bearer }),
      await ask(simulator, `/compute/v1/projects/${PROJECT}/aggregated/commitments`, { bearer }),
      await ask(simulator, compute(`operations/${operation.name}/wait`), { bearer, method: "POST", body: '""' }),
    ];
    expect(permitted.map(({ status }) => status)).toEqual([200, 200, 200]);
    const refused = [
      await ask(simulator, compute("commitments"), { bearer, method: "POST", body: { ...COMMITMENT, name: "cud-b" } }),
      await ask(simulator, compute(`commitments/${COMMITMENT.name}`), { bearer }),
      await ask(simulator, `/v1/projects/${PROJECT}${LIST}`, { bearer }),
      await ask(simulator, `/v1/projects/${PROJECT}${LIST}/any`, { bearer }),
      await ask(simulator, `/v1/projects/${PROJECT}${LIST}/any:markClaimed`, { bearer, method: "POST", body: {} }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect(await simulator.ledger.purchases()).toHaveLength(1);
  });

  it("that is refused uses up no fault", async () => {
    const simulator = await simulatedGcp();
    await simulator.faults.add({ operation: "ListCommitments", kind: "throttle" });
    const path = compute("commitments", { project: OTHER_PROJECT });
    expect(await ask(simulator, path, { bearer: OWN_ACCOUNT })).toMatchObject({ status: 403 });
    expect(await simulator.faults.pending()).toHaveLength(1);
  });
});

describe("an unknown path", () => {
  it("is refused in the words of each service, and logged", async () => {
    const simulator = await simulatedGcp();
    const patch = compute("commitments");
    expect(await ask(simulator, patch, { method: "PATCH", body: {} })).toMatchObject({
      status: 404,
      body: { error: { errors: [{ reason: "notFound" }] } },
    });
    expect(await ask(simulator, "/v1/projects")).toMatchObject({
      status: 404,
      body: { error: { status: "NOT_FOUND" } },
    });
    expect(await simulator.ledger.requests()).toMatchObject([
      { service: "gcp.compute", operation: `PATCH ${patch}`, outcome: { status: 404 } },
      { service: "gcp.recommender", operation: "GET /v1/projects" },
    ]);
  });

  it("of neither service is not found", async () => {
    const { url } = await simulatedGcp();
    expect((await fetch(`${url}/storage/v1/b`)).status).toBe(404);
  });
});

function forbidden(message: string): Answer<object> {
  const errors = [{ message, domain: "global", reason: "forbidden" }];
  return { status: 403, body: { error: { code: 403, message, errors, status: "PERMISSION_DENIED" } } };
}

/** A token as a service account signs it, but for the signature. */
function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.c2lnbmF0dXJl`;
}

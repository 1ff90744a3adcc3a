import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { silentLogger } from "../../src/domain/logger.js";
import { collectRecommendations } from "../../src/recommendations/fan-out/collect-recommendations.js";
import { placeInWords } from "../../src/recommendations/fan-out/collection-failure.js";
import type { CollectionOptions } from "../../src/recommendations/fan-out/collection-options.js";
import { reportOf, ScriptedFault, type ScriptedPart, scriptedSource } from "./support/scripted-source.js";

const REGIONS = ["eu-west-1", "us-east-1"] as const;

const collect = (options: Partial<CollectionOptions> & Pick<CollectionOptions, "sources">) =>
  collectRecommendations({ logger: silentLogger, firstWaitMs: 1, ...options });

const part = (account: string, region: string, answer?: ScriptedPart["answer"]): ScriptedPart => ({
  region,
  about: "instances",
  answer: answer ?? (async () => [reportOf(account, { region })]),
});

describe("collected recommendations", () => {
  test("do not depend on the order of the answers, nor on which parts fail", async () => {
    const places = ["a", "b"].flatMap((source) =>
      ["111111111111", "222222222222"].flatMap((account) => REGIONS.map((region) => ({ source, account, region }))),
    );
    const run = (delays: readonly number[], failing: readonly boolean[]) => {
      const indexOf = (source: string, account: string, region: string) =>
        places.findIndex((place) => place.source === source && place.account === account && place.region === region);
      const sources = ["a", "b"].map((name) => ({
        source: scriptedSource(name, (account) =>
          REGIONS.map((region) => {
            const index = indexOf(name, account, region);
            return part(account, region, async () => {
              for (let turn = 0; turn < Number(delays[index]); turn += 1) await null;
              if (failing[index]) throw new ScriptedFault("denied");
              return [reportOf(account, { region })];
            });
          }),
        ),
        accounts: ["111111111111", "222222222222"],
      }));
      return collect({ sources });
    };
    const whole = await run(Array(8).fill(0), Array(8).fill(false));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(30), { minLength: 8, maxLength: 8 }),
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }).filter((failing) => failing.includes(false)),
        async (delays, failing) => {
          const { recommendations, failures } = await run(delays, failing);
          const expected = whole.recommendations.filter((_, index) => !failing[index]);
          expect(JSON.stringify(recommendations)).toBe(JSON.stringify(expected));
          expect(failures.map(({ place }) => placeInWords(place))).toEqual(
            places
              .filter((_, index) => failing[index])
              .map(({ source, account, region }) => placeInWords({ source, account, region, about: "instances" })),
          );
        },
      ),
    );
  });

  test("are an error if nothing arrived, and never an empty result because of a refusal", async () => {
    const source = scriptedSource("a", (account) => [
      part(account, "eu-west-1", async () => {
        throw new ScriptedFault("denied", "no right to ask");
      }),
    ]);
    await expect(collect({ sources: [{ source, accounts: ["111111111111"] }] })).rejects.toMatchObject({
      code: "COLLECTION_FAILED",
      details: { failures: [{ kind: "denied", message: "Error: no right to ask" }] },
    });
  });

  test("are empty without an error if every part answers with nothing", async () => {
    const source = scriptedSource("a", (account) => [part(account, "eu-west-1", async () => [])]);
    expect(await collect({ sources: [{ source, accounts: ["111111111111"] }] })).toEqual({
      recommendations: [],
      failures: [],
    });
  });

  test("name an account whose parts cannot be found, beside what arrived from the others", async () => {
    const source = scriptedSource("a", (account) => {
      if (account === "222222222222") throw new ScriptedFault("denied", "no regions");
      return [part(account, "eu-west-1")];
    });
    const { recommendations, failures } = await collect({
      sources: [{ source, accounts: ["111111111111", "222222222222"] }],
    });
    expect(recommendations).toHaveLength(1);
    expect(failures).toMatchObject([{ place: { account: "222222222222" }, kind: "denied" }]);
  });

  test("ask a directory that several sources share once, and name it if it fails", async () => {
    const accounts = vi.fn(async () => ["111111111111"]);
    const directory = { name: "members", accounts, faultOf: () => ({ kind: "denied" }) as const };
    const [first, second] = ["a", "b"].map((name) => scriptedSource(name, (account) => [part(account, "eu-west-1")]));
    if (first === undefined || second === undefined) throw new Error("two sources");
    const both = [
      { source: first, accounts: directory },
      { source: second, accounts: directory },
    ];
    expect((await collect({ sources: both })).recommendations).toHaveLength(2);
    expect(accounts).toHaveBeenCalledTimes(1);
    accounts.mockRejectedValue(new Error("not allowed"));
    const { failures } = await collect({
      sources: [...both, { source: scriptedSource("c", () => []), accounts: ["1"] }],
    });
    expect(failures.map(({ place }) => place)).toEqual([
      { source: "a", account: null, about: "the accounts of members" },
      { source: "b", account: null, about: "the accounts of members" },
    ]);
  });

  test.each([
    ["an odd term", { term: "7yr" as never }],
    [
      "a line that no provider could take",
      { offer: { kind: "line" as const, line: { service: "aws.ec2" } as never, unitPrices: [] } },
    ],
    ["a price that is no number", { figures: { upfront: { amount: "NaN", currency: "USD" } } }],
    ["a field that is not known", { extra: 1 } as never],
  ])("count a part with %s as failed", async (_, changes) => {
    const source = scriptedSource("a", (account) => [
      part(account, "eu-west-1", async () => [reportOf(account, changes)]),
      part(account, "us-east-1"),
    ]);
    const { recommendations, failures } = await collect({ sources: [{ source, accounts: ["111111111111"] }] });
    expect(recommendations.map(({ region }) => region)).toEqual(["us-east-1"]);
    expect(failures).toMatchObject([{ kind: "unreadable", place: { region: "eu-west-1" } }]);
  });

  test("count a part as failed that reports what another has reported", async () => {
    const source = scriptedSource("a", (account) => [
      part(account, "eu-west-1"),
      { ...part(account, "eu-west-1"), about: "instances again" },
    ]);
    const { recommendations, failures } = await collect({ sources: [{ source, accounts: ["111111111111"] }] });
    expect(recommendations).toHaveLength(1);
    expect(failures).toMatchObject([{ kind: "unreadable", place: { about: "instances again" } }]);
  });

  test("have the same key in each collection, whatever the size and the price", async () => {
    const keyOf = async (quantity: number) => {
      const source = scriptedSource("a", (account) => [
        part(account, "eu-west-1", async () => [reportOf(account, { quantity })]),
      ]);
      return (await collect({ sources: [{ source, accounts: ["111111111111"] }] })).recommendations[0]?.key;
    };
    expect(await keyOf(1)).toBe(await keyOf(7));
  });

  test("tell about each part", async () => {
    const onProgress = vi.fn();
    const source = scriptedSource("a", (account) => REGIONS.map((region) => part(account, region)));
    await collect({ sources: [{ source, accounts: ["111111111111", "222222222222"] }], onProgress });
    const last = onProgress.mock.calls.map(([progress]) => progress).at(-1);
    expect(onProgress).toHaveBeenCalledTimes(4);
    expect(last).toMatchObject({ done: 4, total: 4, place: { source: "a" }, ms: expect.any(Number) });
  });
});

describe("the requests of a collection", () => {
  /** Parts that say how many of them are in flight. */
  const counted = (count: number, region: (index: number) => string | undefined) => {
    let inFlight = 0;
    const seen = { most: 0, regions: 0 };
    const busy = new Map<string, number>();
    const source = scriptedSource("a", (account) =>
      Array.from({ length: count }, (_, index): ScriptedPart => {
        const where = region(index);
        return {
          ...(where !== undefined && { region: where }),
          about: `part ${index}`,
          async answer() {
            inFlight += 1;
            busy.set(where ?? "", (busy.get(where ?? "") ?? 0) + 1);
            seen.most = Math.max(seen.most, inFlight);
            seen.regions = Math.max(seen.regions, [...busy.values()].filter((parts) => parts > 0).length);
            await sleep(2);
            inFlight -= 1;
            busy.set(where ?? "", (busy.get(where ?? "") ?? 0) - 1);
            return index === 0 ? [reportOf(account)] : [];
          },
        };
      }),
    );
    return { source, seen };
  };

  test("are as many at once as allowed, over all accounts", async () => {
    const { source, seen } = counted(10, () => undefined);
    await collect({ sources: [{ source, accounts: ["1", "2", "3"] }], parallelism: { calls: 4 } });
    expect(seen.most).toBe(4);
  });

  test("are for as many regions of an account at once as allowed", async () => {
    const { source, seen } = counted(10, (index) => `region-${index % 5}`);
    await collect({ sources: [{ source, accounts: ["1"] }], parallelism: { calls: 20, regions: 2 } });
    expect(seen.regions).toBe(2);
  });

  test("are made again while they are throttled, by all of one API and account later", async () => {
    const times: number[] = [];
    let refusals = 2;
    const source = scriptedSource("a", (account) => [
      part(account, "eu-west-1", async () => {
        times.push(performance.now());
        if (refusals-- > 0) throw new ScriptedFault("throttled", "slow down", 30);
        return [reportOf(account)];
      }),
    ]);
    const { recommendations } = await collect({ sources: [{ source, accounts: ["111111111111"] }] });
    expect(recommendations).toHaveLength(1);
    expect(times).toHaveLength(3);
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThan(25);
    expect(third - second).toBeGreaterThan(25);
  });

  test("are made as often as allowed, and not again after a refusal", async () => {
    const asked = { throttled: 0, denied: 0 };
    const failing = (kind: keyof typeof asked): ScriptedPart => ({
      about: kind,
      async answer() {
        asked[kind] += 1;
        throw new ScriptedFault(kind);
      },
    });
    const source = scriptedSource("a", (account) => [
      failing("throttled"),
      failing("denied"),
      part(account, "eu-west-1"),
    ]);
    const { failures } = await collect({ sources: [{ source, accounts: ["111111111111"] }], attempts: 3 });
    expect(asked).toEqual({ throttled: 3, denied: 1 });
    expect(failures.map(({ kind }) => kind)).toEqual(["throttled", "denied"]);
  });

  test("end promptly when the collection is canceled, and that is an error", async () => {
    const canceling = new AbortController();
    const source = scriptedSource("a", (account) => [
      part(account, "eu-west-1"),
      part(account, "us-east-1", async () => {
        canceling.abort(new Error("enough"));
        return new Promise(() => {});
      }),
    ]);
    await expect(
      collect({ sources: [{ source, accounts: ["111111111111"] }], signal: canceling.signal }),
    ).rejects.toMatchObject({ code: "COLLECTION_CANCELED", cause: { message: "enough" } });
  });

  test("take no longer than a request may, if nobody answers", async () => {
    const source = scriptedSource("a", (account) => [
      part(account, "eu-west-1"),
      part(account, "us-east-1", () => new Promise(() => {})),
    ]);
    const { recommendations, failures } = await collect({
      sources: [{ source, accounts: ["111111111111"] }],
      requestTimeoutMs: 20,
    });
    expect(recommendations).toHaveLength(1);
    expect(failures).toMatchObject([{ place: { region: "us-east-1" } }]);
  });
});

import { describe, expect, test, vi } from "vitest";
import { silentLogger } from "../../src/domain/logger.js";
import type { ReportedRecommendation } from "../../src/domain/recommendation.js";
import { createRecommendations, type RecommendationsOptions } from "../../src/recommendations/recommendations.js";
import { memoryRecommendationStore } from "../../src/stores/memory/memory-recommendation-store.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { reportOf, ScriptedFault, scriptedSource } from "./support/scripted-source.js";

const ACCOUNT = "111111111111";

/** Recommendations over a store in memory, of one source that answers as `answer` says. */
function world(
  answer: (signal: AbortSignal) => Promise<readonly ReportedRecommendation[]> = async () => [reportOf(ACCOUNT)],
  options: Partial<RecommendationsOptions> = {},
) {
  const clock = manualClock();
  const store = memoryRecommendationStore({ clock });
  const source = scriptedSource("a", () => [{ about: "instances", answer }]);
  const sources = [{ source, accounts: [ACCOUNT] }];
  const over = (changes: Partial<RecommendationsOptions> = {}) =>
    createRecommendations({ store, sources, logger: silentLogger, firstWaitMs: 1, ...options, ...changes });
  return { clock, store, over, recommendations: over() };
}

/** Refreshes, and waits for the run. */
async function collected(recommendations: ReturnType<typeof createRecommendations>) {
  const refresh = await recommendations.refreshRecommendations();
  if (refresh.status !== "started" || refresh.finished === undefined) throw new Error("no run was started here");
  return refresh.finished;
}

describe("a refresh", () => {
  test("starts one run and tells others who runs", async () => {
    let asked = false;
    let answer: (reports: readonly ReportedRecommendation[]) => void = () => {};
    const { recommendations, over, clock } = world(() => {
      asked = true;
      return new Promise((resolve) => (answer = resolve));
    });
    const refreshes = await Promise.all([
      recommendations.refreshRecommendations(),
      over().refreshRecommendations(),
      over().refreshRecommendations(),
    ]);
    const started = refreshes.filter((refresh) => refresh.status === "started");
    expect(started).toHaveLength(1);
    expect(refreshes.filter(({ status }) => status === "running")).toMatchObject([
      { since: clock.now(), owner: expect.stringMatching(/^collection_/) },
      { since: clock.now() },
    ]);
    expect(await recommendations.freshness()).toMatchObject({ running: { since: clock.now() }, lastCollectedAt: null });
    await vi.waitFor(() => expect(asked).toBe(true));
    answer([reportOf(ACCOUNT)]);
    expect(await started[0]?.finished).toMatchObject({
      sources: [{ source: "a", recommendations: 1, complete: true }],
      failures: [],
    });
    expect(await recommendations.freshness()).toMatchObject({
      running: null,
      lastCollectedAt: clock.now(),
      sources: [{ source: "a", succeededAt: clock.now(), error: null }],
    });
  });

  test("tells when the run before collected", async () => {
    const { recommendations, clock } = world();
    await collected(recommendations);
    const before = clock.now();
    clock.advance(60_000);
    expect(await recommendations.refreshRecommendations()).toMatchObject({
      status: "started",
      startedAt: before + 60_000,
      lastCollectedAt: before,
    });
  });

  test("clears its mark when the run fails, and keeps the error of the source", async () => {
    const { recommendations, clock } = world(async () => {
      throw new ScriptedFault("denied", "no right to ask");
    });
    await expect(collected(recommendations)).rejects.toMatchObject({ code: "COLLECTION_FAILED" });
    expect(await recommendations.freshness()).toEqual({
      lastCollectedAt: null,
      running: null,
      sources: [
        {
          source: "a",
          succeededAt: null,
          error: { message: `a in ${ACCOUNT}: instances: Error: no right to ask`, failures: 1, at: clock.now() },
        },
      ],
    });
  });

  test("clears its mark when it is canceled", async () => {
    const canceling = new AbortController();
    const { recommendations } = world(async () => {
      canceling.abort();
      return new Promise(() => {});
    });
    const refresh = await recommendations.refreshRecommendations({ signal: canceling.signal });
    await expect(refresh).toMatchObject({ status: "started" });
    await expect(refresh.status === "started" && refresh.finished).rejects.toMatchObject({
      code: "COLLECTION_CANCELED",
    });
    expect((await recommendations.freshness()).running).toBeNull();
  });

  test("does not wait for ever for a store that does not clear the mark", async () => {
    const timeouts: number[] = [];
    const clock = {
      ...manualClock(),
      timeout(ms: number) {
        timeouts.push(ms);
        return AbortSignal.timeout(ms > 5_000 ? 60_000 : 1);
      },
    };
    const store = { ...memoryRecommendationStore(), finish: () => new Promise<boolean>(() => {}) };
    const { over } = world();
    await collected(over({ store, clock }));
    expect(timeouts).toContain(5_000);
  });

  test("goes on where its mark could not be renewed once", async () => {
    const renewals: string[] = [];
    const { clock, over, store } = world();
    const flaky = {
      ...store,
      renew: async (renewal: Parameters<typeof store.renew>[0]) => {
        renewals.push(renewal.owner);
        if (renewals.length === 1) throw new Error("the store is away");
        return store.renew(renewal);
      },
    };
    const source = scriptedSource("a", () =>
      ["first", "second", "third"].map((about) => ({
        about,
        async answer() {
          clock.advance(200_000);
          return about === "third" ? [reportOf(ACCOUNT)] : [];
        },
      })),
    );
    const sources = [{ source, accounts: [ACCOUNT] }];
    const patient = { requestTimeoutMs: 1_000_000, parallelism: { calls: 1 } };
    const report = await collected(over({ store: flaky, clock, sources, ...patient }));
    expect(report).toMatchObject({
      sources: [{ recommendations: 1, complete: false }],
      failures: [{ place: { about: "second" } }],
    });
    expect(renewals).toHaveLength(2);
  });

  test("is taken over when its time is up, and the late run stores nothing and clears nothing", async () => {
    const answers: ((reports: readonly ReportedRecommendation[]) => void)[] = [];
    const { recommendations, over, store, clock } = world(() => new Promise((resolve) => answers.push(resolve)));
    const late = await recommendations.refreshRecommendations();
    clock.advance(300_000);
    const next = await over().refreshRecommendations();
    expect(next.status).toBe("started");
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[0]?.([reportOf(ACCOUNT, { quantity: 9 })]);
    await expect(late.status === "started" && late.finished).rejects.toMatchObject({ code: "COLLECTION_LOST" });
    expect((await store.state("default")).running).not.toBeNull();
    expect(await store.list({ scope: "default", limit: 10 })).toEqual([]);
    answers[1]?.([reportOf(ACCOUNT)]);
    if (next.status === "started") await next.finished;
    expect(await store.list({ scope: "default", limit: 10 })).toHaveLength(1);
  });
});

describe("a trigger", () => {
  test("hands the run over, and of two deliveries one runs", async () => {
    const trigger = vi.fn(async () => {});
    const { recommendations, over } = world(undefined, { trigger });
    expect(await recommendations.refreshRecommendations()).toMatchObject({ status: "started" });
    const payload = JSON.parse(JSON.stringify(trigger.mock.calls[0]?.[0 as never]));
    const runs = await Promise.allSettled([over().runCollection(payload), over().runCollection(payload)]);
    expect(runs.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(runs.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "COLLECTION_LOST" } });
    await expect(over().runCollection(payload)).rejects.toMatchObject({ code: "COLLECTION_LOST" });
    expect((await recommendations.freshness()).running).toBeNull();
  });

  test("that fails leaves no mark, and not that of another run", async () => {
    const { recommendations, over } = world(undefined, {
      trigger: async () => {
        throw new Error("the queue is down");
      },
    });
    await expect(recommendations.refreshRecommendations()).rejects.toMatchObject({
      code: "COLLECTION_NOT_HANDED_OVER",
      cause: { message: "the queue is down" },
    });
    expect(await over({ trigger: async () => {} }).refreshRecommendations()).toMatchObject({ status: "started" });
    expect(await recommendations.refreshRecommendations()).toMatchObject({ status: "running" });
    expect((await recommendations.freshness()).running).not.toBeNull();
  });

  test.each([
    undefined,
    {},
    { version: 2, scope: "default", owner: "x" },
    { version: 1, scope: "default" },
    { version: 1, scope: "other", owner: "x" },
  ])("of %j is refused", async (payload) => {
    await expect(world().recommendations.runCollection(payload)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });
});

describe("a list", () => {
  test("starts one run when nothing has been collected, and returns at once", async () => {
    const answer = vi.fn(async () => [reportOf(ACCOUNT)]);
    const { over } = world(answer);
    const lists = await Promise.all([over().list(), over().list(), over().list()]);
    expect(lists).toEqual([{ recommendations: [] }, { recommendations: [] }, { recommendations: [] }]);
    await vi.waitFor(async () => expect((await over().freshness()).lastCollectedAt).not.toBeNull());
    expect((await over().list()).recommendations).toHaveLength(1);
    expect(answer).toHaveBeenCalledTimes(1);
  });

  test("does not start another run after one that failed", async () => {
    const answer = vi.fn(async () => {
      throw new ScriptedFault("denied");
    });
    const { recommendations } = world(answer);
    await expect(collected(recommendations)).rejects.toMatchObject({ code: "COLLECTION_FAILED" });
    await recommendations.list();
    expect(answer).toHaveBeenCalledTimes(1);
  });

  test("is still there when the first run cannot be handed over", async () => {
    const trigger = async () => {
      throw new Error("the queue is down");
    };
    expect(await world(undefined, { trigger }).recommendations.list()).toEqual({ recommendations: [] });
  });

  test("shows what a complete run no longer reports no more, and what a failed one does not report still", async () => {
    const [kept, gone] = [reportOf(ACCOUNT), reportOf(ACCOUNT, { subject: { instanceType: "c5.large" } })];
    const answers: (() => readonly ReportedRecommendation[])[] = [
      () => [kept, gone],
      () => {
        throw new ScriptedFault("refused");
      },
      () => [kept],
    ];
    const { recommendations } = world(async () => answers.shift()?.() ?? []);
    const titles = async () => (await recommendations.list()).recommendations.map(({ title }) => title);
    await collected(recommendations);
    expect(await titles()).toHaveLength(2);
    await expect(collected(recommendations)).rejects.toMatchObject({ code: "COLLECTION_FAILED" });
    expect(await titles()).toHaveLength(2);
    await collected(recommendations);
    expect(await titles()).toEqual(["3 x m5.large"]);
  });

  test("comes in pages in one order", async () => {
    const types = ["m5.large", "c5.large", "r5.large"];
    const { recommendations } = world(async () =>
      types.map((instanceType) => reportOf(ACCOUNT, { subject: { instanceType }, region: "eu-west-1" })),
    );
    await collected(recommendations);
    const whole = (await recommendations.list()).recommendations.map(({ key }) => key);
    const first = await recommendations.list({ limit: 2 });
    const second = await recommendations.list({ limit: 2, cursor: String(first.nextCursor) });
    expect([...first.recommendations, ...second.recommendations].map(({ key }) => key)).toEqual(whole);
    expect(second.nextCursor).toBeUndefined();
  });

  test.each([{ limit: 0 }, { limit: 501 }, { taken: "some" as never }, { account: " " }, { servise: "x" } as never])(
    "of %j is refused",
    async (listing) => {
      await expect(world().recommendations.list(listing)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    },
  );
});

describe("the options", () => {
  const source = scriptedSource("a", () => []);
  const store = memoryRecommendationStore();
  test.each<readonly [string, object]>([
    ["no store", { sources: [{ source, accounts: [] }] }],
    ["no source", { store, sources: [] }],
    ["a source that is none", { store, sources: [{ source: {}, accounts: [] }] }],
    [
      "two sources of one name",
      {
        store,
        sources: [
          { source, accounts: [] },
          { source, accounts: [] },
        ],
      },
    ],
    ["no accounts", { store, sources: [{ source }] }],
    ["an account twice", { store, sources: [{ source, accounts: ["1", "1"] }] }],
    ["a time of 0", { store, sources: [{ source, accounts: [] }], ttlMs: 0 }],
    ["a misspelt name", { store, sources: [{ source, accounts: [] }], triger: async () => {} }],
    ["an engine that is none", { store, sources: [{ source, accounts: [] }], engine: {} }],
    ["a parallelism of 0", { store, sources: [{ source, accounts: [] }], parallelism: { calls: 0 } }],
  ])("with %s are refused", (_, options) => {
    expect(() => createRecommendations(options as never)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });
});

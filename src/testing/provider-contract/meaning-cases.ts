import { endsAt } from "../../domain/commitment-request/ends-at.js";
import type { Execution } from "../../domain/execution.js";
import type { SightingMeaning } from "../../providers/commitment-provider.js";
import { isTerminal } from "../../state-machine/transitions.js";
import { assert } from "../assert.js";
import type { ProviderCase } from "./contract-case.js";
import type { ProviderFixture } from "./provider-fixture.js";
import { assertBoughtOnce, reportOn } from "./purchase-report.js";
import { SIGHTS, type Sight } from "./sight.js";
import { boughtIds, forEachWord, needsOf, setAllStates } from "./state-words.js";
import {
  bought,
  contextOf,
  lineOf,
  openSubject,
  ranInto,
  requestsSent,
  type Subject,
  settled,
  tokenOf,
} from "./steps.js";

const MEANINGS: readonly SightingMeaning[] = ["live", "pending", "ended", "void", "unclear"];

const WHAT: Readonly<Record<SightingMeaning, string>> = {
  live: "every state in which money has moved or will move, and states that it does not know",
  pending: "every state in which the cloud is still at work",
  ended: "every state of what was bought and is over",
  void: "every state in which nothing is owed",
  unclear: "every state that stands for both",
};

const DAY_MS = 86_400_000;
const PERSON = "contract";

/** Cases about the meaning of a purchase's state, and about what becomes of the line. */
export const meaningCases: readonly ProviderCase[] = [
  ...SIGHTS.flatMap((sight) => MEANINGS.map((meaning) => sightCase(sight, meaning))),
  {
    name: "takes a purchase whose reply was lost for bought, in every state in which money has moved or will move",
    needs: [...needsOf("live"), "reply-lost"],
    run: (...worlds) =>
      forEachWord("live", worlds, async (fixture, word) => {
        const { subject, id } = await seenAs(fixture, word);
        assertBoughtOnce(await reportOn(subject, id), fixture);
        await assertOneRequest(fixture, word);
      }),
  },
  {
    name: "takes a purchase whose reply was lost for bought although it is over by now, and records what became of it",
    needs: [...needsOf("ended"), "reply-lost"],
    run: (...worlds) =>
      forEachWord("ended", worlds, async (fixture, word) => {
        const { subject, id, execution } = await seenAs(fixture, word);
        assertBoughtOnce(await reportOn(subject, id), fixture);
        assert.equal(lineOf(execution).commitment?.over?.state, word, "the line does not say what became of it");
        await assertOneRequest(fixture, word);
      }),
  },
  {
    name: "leaves a purchase that the cloud has not finished in doubt, and adopts it once it is finished",
    needs: [...needsOf("pending"), "reply-lost"],
    run: (...worlds) =>
      forEachWord("pending", worlds, async (fixture, word) => {
        const { subject, id } = await leftPending(fixture, word);
        await setAllStates(fixture, fixture.cloud.states?.finished ?? assert.fail("no word of what has come through"));
        await settled(subject, id);
        assertBoughtOnce(await reportOn(subject, id), fixture);
        await assertOneRequest(fixture, word);
      }),
  },
  {
    name: "leaves a purchase that the cloud has not finished in doubt, and rejects it once nothing is owed for it",
    needs: [...needsOf("pending"), ...needsOf("void").slice(1), "reply-lost"],
    run: (...worlds) =>
      forEachWord("void", worlds, async (fixture, word) => {
        const [pending = assert.fail("no pending state")] = fixture.cloud.states?.pending ?? [];
        const { subject, id } = await leftPending(fixture, pending);
        await setAllStates(fixture, word);
        await assertRejectedAs(subject, await settled(subject, id), word);
      }),
  },
  {
    name: "rejects a purchase whose reply was lost if nothing is owed for it, by the cloud's word, and does not buy again",
    needs: [...needsOf("void"), "reply-lost"],
    run: (...worlds) =>
      forEachWord("void", worlds, async (fixture, word) => {
        const { subject, id, execution } = await seenAs(fixture, word);
        await assertRejectedAs(subject, execution, word);
        await assertRejectedAs(subject, await settled(subject, id), word);
      }),
  },
  {
    name: "buys once more if a person retries after a purchase for which nothing is owed, and passes that one over",
    needs: [...needsOf("void"), "reply-lost"],
    run: (...worlds) =>
      forEachWord("void", worlds, async (fixture, word) => {
        const { subject, id, execution } = await seenAs(fixture, word);
        await assertRejectedAs(subject, execution, word);
        const spent = await boughtIds(fixture);
        const again = await retried(subject, id);
        assert.equal(again.status, "completed", `the retry is ${again.status}: ${again.reason}`);
        const { commitment } = lineOf(again);
        assert.ok(
          !commitment?.commitmentIds.some((one) => spent.includes(one)),
          "the void purchase is recorded as the line's commitment",
        );
        const live = (await fixture.cloud.purchases()).filter((purchase) => purchase.live);
        assert.deepEqual(
          live.map(({ commitmentId }) => commitmentId).sort(),
          [...(commitment?.commitmentIds ?? [])].sort(),
        );
        assert.equal(await requestsSent(fixture), 2, "the number of requests is not the number of decisions to buy");
      }),
  },
  {
    name: "asks a person about a purchase whose state stands for both, and names it, however long that lasts",
    needs: [...needsOf("unclear"), "reply-lost"],
    run: (...worlds) =>
      forEachWord("unclear", worlds, async (fixture, word) => {
        const { subject, id } = await seenAs(fixture, word);
        const execution = await settled(subject, id, 2);
        const { state, doubt } = lineOf(execution);
        assert.equal(state, "in_doubt", `a purchase that is "${word}" is taken for decided`);
        assert.ok(doubt?.needsPerson, `nobody is asked about a purchase that is "${word}"`);
        assert.deepEqual(
          [...(doubt?.candidates ?? [])].sort(),
          await boughtIds(fixture),
          "the purchase is not among the candidates",
        );
        await assertOneRequest(fixture, word);
      }),
  },
  {
    name: "does not buy again what nobody looked at until its whole term was over",
    needs: ["reply-lost"],
    async run(fixture) {
      const { subject, id } = await ranInto(fixture, [{ kind: "reply-lost" }]);
      const now = fixture.clock.now();
      fixture.clock.advance(endsAt(fixture.request, now) - now + DAY_MS);
      const execution = await settled(subject, id);
      const { state, doubt, commitment } = lineOf(execution);
      const named = state === "committed" ? commitment?.commitmentIds : doubt?.needsPerson && doubt.candidates;
      assert.deepEqual(
        [...(named || [])].sort(),
        await boughtIds(fixture),
        `the line is ${state}: ${execution.reason}`,
      );
      await assertOneRequest(fixture, "over");
    },
  },
  {
    name: "says of a purchase whose payment failed that nothing is owed for it, and does not leave it out",
    needs: ["payment-fails"],
    async run(fixture) {
      const { subject, id } = await ranInto(fixture, [{ kind: "payment-fails" }]);
      const execution = await settled(subject, id);
      const sights = await Promise.all(
        SIGHTS.map(({ seen }) => seen(subject.provider, fixture, questionOf(subject, execution))),
      );
      const seen = sights.flat();
      assert.deepEqual(
        [...new Set(seen.flatMap(({ commitmentIds }) => commitmentIds))].sort(),
        await boughtIds(fixture),
      );
      for (const { sighting } of seen) assert.equal(sighting.meaning, "void", "the purchase is not shown as void");
      await assertOneRequest(fixture, "void");
    },
  },
];

/** The case that one call of the provider reports every state of one meaning correctly. */
function sightCase({ by, needs, seen }: Sight, meaning: SightingMeaning): ProviderCase {
  return {
    name: `says by its ${by} that ${meaning} is ${WHAT[meaning]}`,
    needs: [...needsOf(meaning), needs],
    run: (...worlds) =>
      forEachWord(meaning, worlds, async (fixture, word) => {
        const subject = openSubject(fixture);
        const execution = await bought(subject);
        await setAllStates(fixture, word);
        const all = await seen(subject.provider, fixture, questionOf(subject, execution));
        const ids = all.flatMap(({ commitmentIds }) => commitmentIds).sort();
        assert.deepEqual(ids, await boughtIds(fixture), `the purchase is not seen in state "${word}"`);
        for (const { sighting } of all) {
          assert.equal(sighting.meaning, meaning, `"${word}" is ${sighting.meaning}`);
          if (meaning !== "live") assert.equal(sighting.state, word, "the cloud's own word is not handed on");
        }
      }),
  };
}

const questionOf = (subject: Subject, execution: Execution) => ({
  token: tokenOf(execution),
  context: contextOf(subject, lineOf(execution)),
});

/** Loses the reply to a purchase, gives the purchase a state, and lets time pass until the line is at rest. */
async function seenAs(fixture: ProviderFixture, word: string) {
  const { subject, id } = await ranInto(fixture, [{ kind: "reply-lost" }]);
  await setAllStates(fixture, word);
  return { subject, id, execution: await settled(subject, id) };
}

/** Does the same with a state in which the cloud is still at work, for longer than any wait. */
async function leftPending(fixture: ProviderFixture, word: string) {
  const { subject, id } = await ranInto(fixture, [{ kind: "reply-lost" }]);
  await setAllStates(fixture, word);
  // The second round begins after the end of the settle wait, when absence would prove something.
  const { status, lines } = await settled(subject, id, 2);
  assert.equal(status, "in_doubt", `a purchase that is "${word}" is taken for decided`);
  const [line] = lines;
  assert.ok(!line?.doubt?.needsPerson, `a person is asked about a purchase that is "${word}"`);
  assert.deepEqual(
    [...(line?.doubt?.candidates ?? [])].sort(),
    await boughtIds(fixture),
    "the doubt does not name the purchase that the cloud is still at work on",
  );
  await assertOneRequest(fixture, word);
  return { subject, id };
}

async function assertOneRequest(fixture: ProviderFixture, word: string): Promise<void> {
  assert.equal(await requestsSent(fixture), 1, `a request was sent beside a purchase that is "${word}"`);
}

async function assertRejectedAs({ fixture }: Subject, execution: Execution, word: string): Promise<void> {
  const { state, rejection } = lineOf(execution);
  assert.ok(isTerminal(execution.status), `a purchase that is "${word}" leaves the execution ${execution.status}`);
  assert.equal(state, "rejected", `a purchase that is "${word}" leaves the line ${state}`);
  assert.equal(rejection?.code, word, "the rejection does not have the cloud's word as its code");
  await assertOneRequest(fixture, word);
}

async function retried(subject: Subject, executionId: string): Promise<Execution> {
  const { id } = await subject.engine.retry(executionId, { requestedBy: PERSON });
  await subject.engine.approve(id, { approvedBy: PERSON });
  await subject.engine.run(id);
  return settled(subject, id);
}

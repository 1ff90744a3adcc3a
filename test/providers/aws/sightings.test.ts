import { describe, expect, test } from "vitest";
import { AWS_STATES } from "../../../src/providers/aws/aws-states.js";
import { isOver, sightingOfParts } from "../../../src/providers/aws/sighting-of-parts.js";
import { isCutShort, isTermOver, timeOf } from "../../../src/providers/aws/stated-term.js";
import { answerUnderTag } from "../../../src/providers/aws/tagged-purchases.js";
import type { Sighting, SightingMeaning } from "../../../src/providers/commitment-provider.js";
import type { StateTable } from "../../../src/providers/state-table.js";
import { ADAPTERS } from "./every-adapter.js";

const DAY_MS = 86_400_000;
const YEAR = 365 * 86_400;
const sighting = (meaning: SightingMeaning, more: Partial<Sighting> = {}): Sighting => ({ meaning, ...more });

describe("the tables of states", () => {
  test("are there for every service, with words in lower case and a reason for each", () => {
    expect(Object.keys(AWS_STATES).sort()).toEqual(ADAPTERS.map(({ service }) => service).sort());
    // What becomes of such a block is not documented, so nothing but a person ends the doubt.
    const forPeople = ["aws.ec2-capacity-blocks: failed", "aws.ec2-capacity-blocks: cancelled"];
    for (const [service, table] of Object.entries<StateTable>(AWS_STATES))
      for (const [state, { because, means, endedIf }] of Object.entries(table)) {
        expect(state).toBe(state.toLowerCase());
        expect(because).toMatch(/^[A-Z].*\.$/);
        const isForPeople = forPeople.includes(`${service}: ${state}`);
        expect(endedIf === undefined).toBe(means !== "unclear" || isForPeople);
      }
  });
});

describe("what the parts of a purchase say together", () => {
  test.each<readonly [readonly SightingMeaning[], SightingMeaning]>([
    [["live", "ended"], "live"],
    [["unclear", "live"], "live"],
    [["unclear", "ended"], "ended"],
    [["void", "unclear"], "unclear"],
    [["void", "void"], "void"],
    [["void", "ended"], "ended"],
  ])("of %j is %s", (meanings, expected) => {
    expect(sightingOfParts(meanings.map((meaning) => sighting(meaning))).meaning).toBe(expected);
  });

  test("is also what became of each, once", () => {
    const parts = [
      sighting("ended", { state: "retired", became: "modified into a" }),
      sighting("ended", { state: "retired", became: "modified into b" }),
      sighting("ended", { state: "retired", became: "modified into b" }),
    ];
    expect(sightingOfParts(parts)).toEqual({
      meaning: "ended",
      state: "retired",
      became: "modified into a; modified into b",
    });
  });

  test.each<readonly [SightingMeaning, boolean]>([
    ["live", false],
    ["pending", false],
    ["ended", true],
    ["void", true],
    ["unclear", true],
  ])("that is %s leaves nothing to label: %s", (meaning, over) => {
    expect(isOver({ sighting: sighting(meaning) })).toBe(over);
  });
});

describe("the end of a term", () => {
  const term = { startsAt: 0, durationSeconds: YEAR };

  test("is that of the whole term, give or take the day that a leap year has more", () => {
    expect(isTermOver(term, YEAR * 1000)).toBe(true);
    expect(isTermOver(term, YEAR * 1000 - DAY_MS)).toBe(true);
    expect(isTermOver(term, YEAR * 1000 - DAY_MS - 1)).toBe(false);
  });

  test("never came for what was cut short", () => {
    const cut = { ...term, endsAt: 30 * DAY_MS };
    expect(isCutShort(cut)).toBe(true);
    expect(isTermOver(cut, 9 * YEAR * 1000)).toBe(false);
    expect(isCutShort({ ...term, endsAt: YEAR * 1000 + DAY_MS })).toBe(false);
    expect(isTermOver({ ...term, endsAt: YEAR * 1000 + DAY_MS }, YEAR * 1000)).toBe(true);
  });

  test("is the stated one where nothing else is stated, and not known without one", () => {
    const stated = { startsAt: undefined, durationSeconds: undefined, endsAt: 10 * DAY_MS };
    expect(isTermOver(stated, 8 * DAY_MS)).toBe(false);
    expect(isTermOver(stated, 10 * DAY_MS)).toBe(true);
    expect(isTermOver({ ...stated, endsAt: undefined }, 9 * YEAR * 1000)).toBe(false);
    expect(isCutShort(stated)).toBe(false);
  });

  test.each([undefined, "", "soon", new Date(Number.NaN)])("cannot be read from %j", (date) => {
    expect(timeOf(date)).toBeUndefined();
  });

  test("is read from dates and texts", () => {
    expect(timeOf(new Date(5))).toBe(5);
    expect(timeOf("1970-01-01T00:00:01.000Z")).toBe(1_000);
  });
});

describe("of the purchases under a line's tag", () => {
  const purchase = (id: string, meaning: SightingMeaning) => ({ id, sighting: sighting(meaning) });
  const answer = (
    tagged: readonly ReturnType<typeof purchase>[],
    lineageAttempt: number,
    snapshot?: readonly string[],
  ): readonly string[] => {
    const prepared = snapshot && { prepared: { reference: "offering", snapshot } };
    return answerUnderTag(tagged, { lineageAttempt, ...prepared }).map(({ id }) => id);
  };

  test("those for which something is owed are the answer, whatever else there is", () => {
    const tagged = [purchase("a", "void"), purchase("b", "ended"), purchase("c", "unclear")];
    for (const lineageAttempt of [1, 2, 5]) expect(answer(tagged, lineageAttempt)).toEqual(["b", "c"]);
    expect(answer(tagged, 2, ["a", "b"])).toEqual(["b", "c"]);
  });

  test("a void one is passed over while a retry by a person leaves a token for the line", () => {
    expect(answer([purchase("a", "void")], 1)).toEqual(["a"]);
    expect(answer([purchase("a", "void")], 2)).toEqual([]);
    expect(answer([purchase("a", "void"), purchase("b", "void")], 2)).toEqual(["a", "b"]);
    expect(answer([purchase("a", "void"), purchase("b", "void")], 3)).toEqual([]);
  });

  test("a void one that came since the write-ahead is the answer, and one from before is not", () => {
    const tagged = [purchase("a", "void"), purchase("b", "void")];
    expect(answer(tagged, 2, ["a"])).toEqual(["b"]);
    expect(answer(tagged, 3, ["a", "b"])).toEqual([]);
    expect(answer([purchase("a", "void")], 2, [])).toEqual(["a"]);
  });
});

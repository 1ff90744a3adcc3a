import { expect, test } from "vitest";
import { type Labels, recorded, unlabeled } from "../../../src/providers/aws/labelable.js";
import type { Sighting } from "../../../src/providers/commitment-provider.js";

interface Entry {
  readonly id: string;
  readonly token?: string;
  readonly sighting: Sighting;
}

const LABELS: Labels<Entry> = { idOf: ({ id }) => id, tokenOn: ({ token }) => token };
const LIVE: Sighting = { meaning: "live", state: "active" };
const ENDED: Sighting = { meaning: "ended", state: "retired" };

test("of a commitment in several parts, only the parts that are not over and lack the token are to be labeled", () => {
  const parts = [
    { id: "a", sighting: LIVE },
    { id: "b", sighting: ENDED },
    { id: "c", token: "ours", sighting: LIVE },
  ];
  expect(unlabeled(parts, "ours", LABELS).map(LABELS.idOf)).toEqual(["a"]);
});

test("a part with the token of another line is never taken over, also one that is over", () => {
  const parts = [
    { id: "a", sighting: LIVE },
    { id: "b", token: "theirs", sighting: ENDED },
  ];
  expect(() => unlabeled(parts, "ours", LABELS)).toThrow("b carries the token of another line");
});

test("a commitment whose parts are not all listed is not labeled yet", () => {
  const listed = [{ id: "a", sighting: LIVE }];
  expect(() => recorded(listed, { commitmentIds: ["a", "b"], adopted: false }, LABELS)).toThrow("b is not listed yet");
});

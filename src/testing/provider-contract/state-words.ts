import { invalidArgument } from "../../domain/input-problem.js";
import type { SightingMeaning } from "../../providers/commitment-provider.js";
import { assert } from "../assert.js";
import type { ProviderCase } from "./contract-case.js";
import type { ProviderFixture } from "./provider-fixture.js";

/** A word that no cloud uses for a state yet. */
const UNKNOWN_STATE = "state-of-tomorrow";

/** The abilities that a fixture needs to have words of this meaning. */
export const needsOf = (meaning: SightingMeaning): ProviderCase["needs"] =>
  meaning === "live" ? ["meanings"] : ["meanings", meaning];

/** The cloud's words of one meaning. A word that no table knows means `live`. */
export function wordsOf({ cloud: { states } }: ProviderFixture, meaning: SightingMeaning): readonly string[] {
  const words = states?.[meaning] ?? [];
  if (words.length === 0)
    throw invalidArgument(
      `cloud.states.${meaning}`,
      `is missing in the fixture; say in \`cannot\` if the cloud has none`,
    );
  return meaning === "live" ? [...words, UNKNOWN_STATE] : words;
}

/** Plays the same calls for each word of a meaning, each time in a fresh fixture. */
export async function forEachWord(
  meaning: SightingMeaning,
  [first, another]: Parameters<ProviderCase["run"]>,
  play: (fixture: ProviderFixture, word: string) => Promise<void>,
): Promise<void> {
  for (const [index, word] of wordsOf(first, meaning).entries())
    await play(index === 0 ? first : await another(), word);
}

/** Gives every commitment of the cloud a state. */
export async function setAllStates({ cloud }: ProviderFixture, state: string): Promise<void> {
  for (const { commitmentId } of await cloud.purchases())
    await (cloud.setState?.(commitmentId, state) ?? assert.fail("the fixture has no setState"));
}

/** The ids of all commitments of the cloud. */
export const boughtIds = async ({ cloud }: ProviderFixture): Promise<readonly string[]> =>
  (await cloud.purchases()).map(({ commitmentId }) => commitmentId).sort();

import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { Prepared } from "../../domain/evidence.js";
import { invalidArgument } from "../../domain/input-problem.js";
import type { InventoryItem } from "../../providers/commitment-provider.js";
import { assert } from "../assert.js";
import type { ProviderCase } from "./contract-case.js";
import { crossedLines } from "./crossed-lines.js";
import type { ProviderFixture } from "./provider-fixture.js";
import { boughtIds } from "./state-words.js";
import { contextOf, FOREIGN_TOKEN, lineOf, ranInto, tokenOf } from "./steps.js";

/** Cases of lines that differ in one attribute, where a listing may leave that attribute out. */
export const laneCases: readonly ProviderCase[] = [
  {
    name: "lists its own purchase whatever its listing leaves out",
    needs: ["lane", "left-out", "reply-lost"],
    run: (...worlds) =>
      forEachSight(worlds, async ({ own, left }) => {
        assert.equal(
          own.items.filter(mayBe(own, own)).length,
          own.boughtIds.length,
          `the own purchase is not listed without ${left}`,
        );
      }),
  },
  {
    name: "lists a purchase for another line only in the same lane, and only as one that may or may not be it",
    needs: ["lane", "siblings", "left-out", "reply-lost"],
    run: (...worlds) =>
      forEachSight(worlds, async ({ own, others, left }) => {
        for (const other of others) {
          const shown = other.items.filter(mayBe(other, own));
          if (shown.length === 0) continue;
          assert.equal(other.lane, own.lane, `two lines that look alike without ${left} have different lanes`);
          for (const { maybe } of shown)
            assert.ok(maybe, `without ${left}, the item must be a \`maybe\` for the other line`);
        }
      }),
  },
  {
    name: "lists no purchase for a line from which it states that it differs",
    needs: ["lane", "siblings", "reply-lost"],
    run: (...worlds) =>
      forEachSight(
        worlds,
        async ({ others }) => {
          for (const { items } of others)
            assert.deepEqual(items, [], "a purchase is listed for a line from which it states a difference");
        },
        [],
      ),
  },
  {
    name: "neither buys twice nor mixes two lines of a basket up: one request is lost, and then one reply",
    needs: ["siblings", "request-lost", "reply-lost"],
    async run(first, another) {
      for (const [index, sibling] of siblingsOf(first).entries())
        await crossedLines(index === 0 ? first : await another(), sibling, []);
    },
  },
  {
    name: "neither buys twice nor mixes two lines of a basket up where listings leave out what tells them apart",
    needs: ["siblings", "left-out", "request-lost", "reply-lost"],
    async run(first, another) {
      const all = optionalOf(first);
      const [sibling] = siblingsOf(first);
      const plays = [
        ...siblingsOf(first).map((one) => ({ sibling: one, left: all })),
        ...all.map((attribute) => ({ sibling, left: [attribute] })),
      ];
      for (const [index, { sibling: one, left }] of plays.entries())
        await crossedLines(index === 0 ? first : await another(), one, left);
    },
  },
];

/** The lane that a provider prepares for one line, and the items that it lists. */
interface LineSight {
  readonly lane: string | undefined;
  readonly token: string;
  readonly items: readonly InventoryItem[];
}

/** What the provider shows for the bought line and for its siblings, while a listing leaves attributes out. */
interface Sights {
  readonly own: LineSight & { readonly boughtIds: readonly string[] };
  readonly others: readonly LineSight[];
  readonly left: string;
}

function siblingsOf({
  siblings: [some, ...others] = [],
}: ProviderFixture): readonly [CommitmentRequest, ...CommitmentRequest[]] {
  if (some !== undefined) return [some, ...others];
  throw invalidArgument("siblings", "are missing in the fixture; say in `cannot` if its cloud sells nothing else");
}

function optionalOf({ cloud: { optionalAttributes = [] } }: ProviderFixture): readonly string[] {
  if (optionalAttributes.length > 0) return optionalAttributes;
  throw invalidArgument("cloud.optionalAttributes", "are missing in the fixture; say in `cannot` if there is none");
}

/** Whether an item of a line's inventory may be a purchase. An item with another line's token certainly is not. */
const mayBe =
  ({ token }: LineSight, { boughtIds }: Sights["own"]) =>
  (item: InventoryItem): boolean =>
    boughtIds.includes(item.commitmentId) && (item.token === undefined || item.token === token);

/** Buys each line in a fresh fixture, and looks at it with no attribute, each attribute and all attributes left out. */
async function forEachSight(
  [first, another]: Parameters<ProviderCase["run"]>,
  check: (sights: Sights) => Promise<void>,
  attributes: readonly string[] = optionalOf(first),
): Promise<void> {
  const lines = [first.request, ...(first.siblings ?? [])];
  const leavings = [[], ...attributes.map((one) => [one]), ...(attributes.length > 1 ? [attributes] : [])];
  for (const [index, line] of lines.entries()) {
    const fixture = index === 0 ? first : await another();
    const others = lines.filter((one) => one !== line);
    const look = await boughtBeside(fixture, line, others);
    for (const left of leavings) {
      if (left.length > 0) await (fixture.cloud.leaveOut?.(left) ?? assert.fail("the fixture has no leaveOut"));
      await check({ ...(await look()), left: left.join(", ") || "nothing" });
      await fixture.cloud.heal();
    }
  }
}

/** Buys a line, loses the reply, and returns how the purchase looks for that line and for its siblings. */
async function boughtBeside(fixture: ProviderFixture, line: CommitmentRequest, others: readonly CommitmentRequest[]) {
  const { provider } = fixture;
  const aheads: (readonly [CommitmentRequest, Prepared])[] = [];
  for (const other of others)
    aheads.push([other, await provider.prepare(other, FOREIGN_TOKEN, contextOf({ fixture }))]);
  const { execution } = await ranInto(fixture, [{ kind: "reply-lost" }], line);
  const ahead = lineOf(execution).prepared ?? assert.fail("nothing was written ahead");
  const sightOf = async (request: CommitmentRequest, prepared: Prepared, token: string): Promise<LineSight> => ({
    lane: prepared.lane,
    token,
    items: (await provider.inventory?.(request, token, { ...contextOf({ fixture }), prepared })) ?? [],
  });
  return async (): Promise<Omit<Sights, "left">> => {
    const own = { ...(await sightOf(line, ahead, tokenOf(execution))), boughtIds: await boughtIds(fixture) };
    const seen: LineSight[] = [];
    for (const [other, prepared] of aheads) seen.push(await sightOf(other, prepared, FOREIGN_TOKEN));
    return { own, others: seen };
  };
}

import { messageOf } from "../../domain/errors.js";
import { checkedProvider } from "../../providers/checked-provider.js";
import type { CommitmentProvider } from "../../providers/commitment-provider.js";
import { assert } from "../assert.js";
import type { ProviderCase } from "./contract-case.js";
import type { ProviderFixture } from "./provider-fixture.js";
import { approved, bought, contextOf, lineOf, openSubject, type Subject, settled, tokenOf } from "./steps.js";

/** What a provider hands over. */
export const boundaryCases: readonly ProviderCase[] = [
  {
    name: "hands over plain values that say what the port says, and nothing else",
    needs: [],
    run: (fixture) =>
      handsOver(fixture, async (subject) => {
        const execution = await bought(subject);
        const line = lineOf(execution);
        const ask = contextOf(subject, line);
        await subject.provider.lookup(fixture.request, tokenOf(execution), ask);
        await subject.provider.inventory?.(fixture.request, tokenOf(execution), ask);
        await subject.provider.label?.(line.commitment ?? assert.fail("nothing is recorded"), tokenOf(execution), ask);
      }),
  },
  {
    name: "hands over such values also while a line is in doubt",
    needs: ["reply-lost"],
    run: (fixture) =>
      handsOver(fixture, async (subject) => {
        const id = await approved(subject);
        await fixture.cloud.fault({ kind: "reply-lost" });
        await subject.engine.run(id);
        await settled(subject, id);
      }),
  },
];

interface Answer {
  readonly call: string;
  readonly question: readonly unknown[];
  readonly value: unknown;
}

/** Plays a sequence of calls and judges every answer of the provider. */
async function handsOver(fixture: ProviderFixture, play: (subject: Subject) => Promise<void>): Promise<void> {
  const answers: Answer[] = [];
  const provider = wrapped(fixture.provider, async (call, question, ask) => {
    const value = await ask();
    answers.push({ call, question, value });
    return value;
  });
  await play(openSubject(fixture, { provider }));
  for (const answer of answers) await judge(fixture, answer);
}

/** The same provider, but `make` answers each call. `make` may ask the provider. */
function wrapped(
  provider: CommitmentProvider,
  make: (call: string, question: readonly unknown[], ask: () => Promise<unknown>) => Promise<unknown>,
): CommitmentProvider {
  // The proxy's target has no members of its own, so that a frozen provider can be wrapped too.
  const heir: CommitmentProvider = Object.create(provider);
  return new Proxy(heir, {
    get(_, name) {
      const value: unknown = Reflect.get(provider, name);
      if (typeof value !== "function") return value;
      return (...question: readonly unknown[]) =>
        make(String(name), question, async () => Reflect.apply(value, provider, question));
    },
  });
}

/** Asserts that the engine's boundary takes the answer unchanged: it repairs nothing and leaves nothing out. */
async function judge(fixture: ProviderFixture, { call, question, value }: Answer): Promise<void> {
  const checked = checkedProvider(wrapped(fixture.provider, async () => value));
  const asked: unknown = Reflect.get(checked, call);
  assert.ok(typeof asked === "function", `the port has no ${call}`);
  // The signal of the call may have aborted by now, so the boundary gets a new one.
  const again = [...question.slice(0, -1), contextOf({ fixture })];
  const copy: unknown = await Promise.resolve(Reflect.apply(asked, checked, again)).catch((thrown: unknown) =>
    assert.fail(`the engine refuses the answer of ${call}: ${messageOf(thrown)}`),
  );
  assert.deepEqual(copy, value, `the engine changes the answer of ${call}`);
  assert.deepEqual(structuredClone(value), value);
}

import { createHash } from "node:crypto";
import type { Execution } from "../../domain/execution.js";
import type { CommitResult, ExecutionChange, ExecutionStore, TokenMove } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, RACERS } from "./contract-case.js";
import { sampleEvent, unique } from "./samples.js";
import { assertRefused, atOnce, changeOf, countOf, created, moved, storedAbout } from "./steps.js";

const LONG_MS = 3_600_000;

const newHash = (): string => createHash("sha256").update(unique("secret")).digest("hex");

/** An execution that waits for approval, with a token for it. */
async function withToken(store: ExecutionStore, parts: Partial<Extract<TokenMove, { kind: "issue" }>> = {}) {
  const execution = await created(store, { status: "pending" });
  return { ...(await issued(store, execution, parts)), id: execution.id };
}

async function issued(
  store: ExecutionStore,
  execution: Pick<Execution, "id">,
  parts: Partial<Extract<TokenMove, { kind: "issue" }>> = {},
) {
  const token = {
    kind: "issue",
    hash: newHash(),
    verb: "approve",
    recipient: "bob",
    validForMs: LONG_MS,
    ...parts,
  } as const;
  const event = { ...sampleEvent("decision_link_issued"), actor: "ann" };
  return { hash: token.hash, execution: await moved(store, changeOf(execution, { token, event })) };
}

const use = (hash: string, verb: "approve" | "cancel" = "approve"): TokenMove => ({ kind: "use", hash, verb });

/** An approval by token, and a change of anything else by token: a store may have a statement for each. */
const USES: readonly ((execution: Pick<Execution, "id">, token: TokenMove) => ExecutionChange)[] = [
  (execution, token) =>
    changeOf(execution, { guard: { status: ["pending"] }, status: "approved", approvedBy: "bob", token }),
  (execution, token) => changeOf(execution, { guard: { status: ["pending"] }, reason: "by link", token }),
];

const revoke = ({ id, version }: Execution): ExecutionChange =>
  changeOf({ id }, { guard: { version }, token: { kind: "revoke" }, event: sampleEvent("decision_links_revoked") });

/** Cases about tokens that decide once. */
export const tokenCases: readonly ContractCase[] = [
  {
    name: "a token is stored as it was issued, for the content of its execution, and decides once",
    async run({ store }) {
      for (const by of USES) {
        const { hash, execution } = await withToken(store);
        const { id: executionId, updatedAt, contentFingerprint } = execution;
        const token = {
          hash,
          executionId,
          verb: "approve",
          recipient: "bob",
          contentFingerprint,
          issuedBy: "ann",
          issuedAt: updatedAt,
          expiresAt: updatedAt + LONG_MS,
          usedAt: null,
        } as const;
        assert.deepEqual(await store.decisionToken(hash), token);
        const decided = await moved(store, by(execution, use(hash)));
        assert.deepEqual(await store.decisionToken(hash), { ...token, usedAt: decided.updatedAt });
        await assertRefused(store, changeOf(execution, { token: use(hash) }), "token");
      }
    },
  },
  {
    name: "a token decides for its verb and its execution alone, and a wrong use leaves it unused",
    async run({ store }) {
      for (const by of USES) {
        const { hash, execution } = await withToken(store);
        const other = await withToken(store);
        await assertRefused(store, by(execution, use(hash, "cancel")), "token");
        await assertRefused(store, by(other.execution, use(hash)), "token");
        await assertRefused(store, by(execution, use(newHash())), "token");
        await moved(store, by(execution, use(hash)));
        await moved(store, by(other.execution, use(other.hash)));
      }
      assert.equal(await store.decisionToken(newHash()), undefined);
    },
  },
  {
    name: "a token that has run out by the store's clock decides nothing and is not shown",
    async run({ store, pass }) {
      const tokens = await Promise.all(USES.map(() => withToken(store, { validForMs: 30 })));
      await pass(40);
      for (const [at, { hash, execution }] of tokens.entries()) {
        assert.equal(await store.decisionToken(hash), undefined);
        await assertRefused(store, USES[at]?.(execution, use(hash)) ?? assert.fail(), "token");
      }
    },
  },
  {
    name: "a change that another guard refuses leaves its token unused",
    async run({ store }) {
      for (const by of USES) {
        const { hash, execution } = await withToken(store);
        const change = by(execution, use(hash));
        await assertRefused(store, { ...change, guard: { version: execution.version + 1 } }, "guard");
        await assertRefused(store, { ...change, guard: { status: ["paused"] } }, "guard");
        assert.equal((await store.decisionToken(hash))?.usedAt, null);
        await moved(store, change);
      }
    },
  },
  {
    name: "of many racing uses of one token one wins",
    async run({ store }) {
      for (const by of USES) {
        const { hash, execution } = await withToken(store);
        const change = { ...by(execution, use(hash)), guard: {} };
        const results = await atOnce<CommitResult>(RACERS, () => store.commit(change));
        assert.equal(countOf(results, "moved"), 1);
        assert.equal((await storedAbout(store, execution.id)).events.length, 3);
      }
    },
  },
  {
    name: "a revocation ends the unused tokens of its execution, and needs a version",
    async run({ store }) {
      const { hash, execution } = await withToken(store);
      const used = await issued(store, execution);
      const other = await withToken(store);
      await moved(store, changeOf(execution, { token: use(used.hash) }));
      const last = await issued(store, execution, { verb: "cancel" });
      await assert.rejects(store.commit({ ...revoke(last.execution), guard: {} }), TypeError);
      await moved(store, revoke(last.execution));
      for (const ended of [hash, last.hash]) assert.equal(await store.decisionToken(ended), undefined);
      for (const by of USES) await assertRefused(store, by(execution, use(hash)), "token");
      await assertRefused(store, changeOf(execution, { token: use(last.hash, "cancel") }), "token");
      assert.notEqual((await store.decisionToken(used.hash))?.usedAt, null);
      const next = await issued(store, execution);
      await moved(store, changeOf(execution, { token: use(next.hash) }));
      await moved(store, changeOf(other.execution, { token: use(other.hash) }));
    },
  },
  {
    name: "a hash is issued once, and an approval issues none",
    async run({ store }) {
      const { hash, execution } = await withToken(store);
      await assert.rejects(issued(store, execution, { hash, recipient: "mallory" }));
      assert.equal((await store.decisionToken(hash))?.recipient, "bob");
      const token = { kind: "issue", hash: newHash(), verb: "approve", recipient: "bob", validForMs: 1 } as const;
      const approval = changeOf(execution, { status: "approved", approvedBy: "bob", token });
      await assertRefused(store, approval, "guard");
    },
  },
  {
    name: "remove forgets the tokens of what it removes",
    async run({ store }) {
      const { hash, execution } = await withToken(store);
      const ended = await moved(store, changeOf(execution, { status: "canceled", token: use(hash) }));
      const executions = [{ executionId: ended.id, version: ended.version }];
      assert.equal(await store.remove({ executions, notBefore: 0 }), true);
      assert.equal(await store.decisionToken(hash), undefined);
    },
  },
];

import type { Execution } from "../../../src/domain/execution.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import type { CommitResult, ExecutionChange, ExecutionStore } from "../../../src/store-port/execution-store.js";
import type { Sabotage } from "./play.js";
import type { ContractName } from "./scenario.js";

/** One way to break the protocol, and the contract under which the properties must notice. */
export interface Mutant extends Sabotage {
  readonly name: string;
  readonly contract: ContractName;
}

const withStore =
  (change: (store: ExecutionStore) => Partial<ExecutionStore>) =>
  (store: ExecutionStore): ExecutionStore => ({
    ...store,
    ...change(store),
  });
const withProvider =
  (change: (provider: CommitmentProvider) => Partial<CommitmentProvider>) =>
  (provider: CommitmentProvider): CommitmentProvider => ({
    ...provider,
    ...change(provider),
  });

/** Sabotages of the protocol; each must make the properties fail within the CI budget. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: "no write-ahead",
    contract: "none",
    store: withStore((store) => ({
      commit: async (change) =>
        change.event.kind === "write_ahead"
          ? pretended(await store.get(change.executionId), change)
          : store.commit(change),
    })),
  },
  {
    name: "unknown treated as rejected",
    contract: "none",
    provider: withProvider((provider) => ({
      async purchase(permit, context) {
        const outcome = await provider.purchase(permit, context);
        if (outcome.kind !== "unknown") return outcome;
        return { kind: "rejected", rejection: { code: "Unknown", message: outcome.reason } };
      },
    })),
  },
  {
    name: "unknown treated as not sent",
    contract: "none",
    provider: withProvider((provider) => ({
      async purchase(permit, context) {
        const outcome = await provider.purchase(permit, context);
        return outcome.kind === "unknown" ? { kind: "not_sent", reason: outcome.reason } : outcome;
      },
    })),
  },
  {
    name: "no fence check",
    contract: "none",
    store: withStore((store) => ({
      commit: async (change) => store.commit(change.guard.fence === undefined ? change : await blind(store, change)),
    })),
  },
  {
    name: "reaper ignoring submitting lines",
    contract: "none",
    store: withStore((store) => ({
      stuck: async (query) =>
        (await store.stuck(query)).map((one) => ({ ...one, execution: withoutSubmitting(one.execution) })),
    })),
  },
  {
    name: "token from the execution id on retry",
    contract: "native-token",
    store: withStore((store) => ({
      create: (input) =>
        store.create(
          input.retryOf ? { ...input, execution: { ...input.execution, lineageKey: input.execution.id } } : input,
        ),
    })),
  },
  {
    name: "lookup failure treated as not found",
    contract: "native-token with a short memory",
    provider: withProvider((provider) => ({
      lookup: (request, token, context) => provider.lookup(request, token, context).catch(() => undefined),
    })),
  },
  {
    name: "lane uniqueness dropped",
    contract: "none",
    store: withStore((store) => ({ commit: (change) => store.commit(withoutLanes(change)) })),
  },
  {
    name: "SDK retry left on for a cloud without dedupe",
    contract: "none",
    provider: withProvider((provider) => ({
      async purchase(permit, context) {
        const outcome = await provider.purchase(permit, context);
        return outcome.kind === "unknown" ? provider.purchase(permit, context) : outcome;
      },
    })),
  },
  {
    name: "no settle wait",
    contract: "none",
    provider: withProvider((provider) => ({
      idempotency: { ...provider.idempotency, maxRequestLifetimeMs: 0, visibilityLagMs: 0, clockSkewMs: 0 },
    })),
  },
  {
    name: "guard skipped",
    contract: "native-token with a short memory",
    provider: withProvider(() => ({ lookup: async () => undefined })),
  },
  {
    name: "snapshot dropped",
    contract: "none",
    provider: withProvider((provider) => ({
      prepare: async (request, token, context) => ({
        ...(await provider.prepare(request, token, context)),
        snapshot: [],
      }),
      inventory: async () => [],
    })),
  },
  {
    name: "late evidence dropped",
    contract: "none",
    store: withStore((store) => ({
      commit: async (change) =>
        change.event.kind === "late_evidence" ? { kind: "refused", because: "guard" } : store.commit(change),
    })),
  },
  {
    name: "clock skew ignored",
    contract: "none",
    provider: withProvider((provider) => ({ idempotency: { ...provider.idempotency, clockSkewMs: 0 } })),
  },
  ...(["native-token with a short memory", "server-minted with a short memory"] as const).map((contract) => ({
    name: "window declared endless",
    contract,
    provider: withProvider((provider) => ({ idempotency: { ...provider.idempotency, windowMs: null } })),
  })),
  {
    name: "label does nothing",
    contract: "none",
    provider: withProvider((provider) => (provider.label ? { label: async () => undefined } : {})),
  },
  {
    name: "provider ignores beforeWire",
    contract: "none",
    provider: withProvider((provider) => ({
      purchase: (permit, context) => provider.purchase(permit, { ...context, beforeWire() {} }),
    })),
  },
];

/** A change that overwrites whatever is stored by now. */
async function blind(store: ExecutionStore, change: ExecutionChange): Promise<ExecutionChange> {
  const version = (await store.get(change.executionId))?.version;
  return { ...change, guard: version === undefined ? {} : { version } };
}

/** What a write-ahead would have answered, had it been stored. */
function pretended(execution: Execution | undefined, change: ExecutionChange): CommitResult {
  if (execution === undefined) return { kind: "refused", because: "guard" };
  const lines = execution.lines.map((line) => ({
    ...line,
    ...change.lines?.find((one) => one.index === line.index)?.progress,
    submittedAt: execution.updatedAt,
  }));
  return { kind: "moved", execution: { ...execution, lines } };
}

const withoutSubmitting = (execution: Execution): Execution => ({
  ...execution,
  lines: execution.lines.map((line) => (line.state === "submitting" ? { ...line, state: "planned" } : line)),
});

const withoutLanes = (change: ExecutionChange): ExecutionChange => ({
  ...change,
  ...(change.lines && {
    lines: change.lines.map((line) => {
      const { lane: _lane, ...prepared } = line.progress.prepared ?? { reference: "" };
      return line.progress.prepared === null ? line : { ...line, progress: { ...line.progress, prepared } };
    }),
  }),
});

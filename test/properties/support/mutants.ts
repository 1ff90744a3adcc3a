import type { Execution, PurchaseLine } from "../../../src/domain/execution.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import type { CommitResult, ExecutionChange, ExecutionStore } from "../../../src/store-port/execution-store.js";
import type { Stage } from "./play.js";
import type { ContractName, Theme } from "./scenario.js";

/** One way to break the protocol, and the contract under which the properties must notice. */
export interface Mutant extends Stage {
  readonly name: string;
  readonly contract: ContractName;
  /** The theme in which it is noticed soonest; any where none is given. */
  readonly theme?: Theme;
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
    theme: "lateness" as const,
    provider: withProvider((provider) => ({ idempotency: { ...provider.idempotency, windowMs: null } })),
  })),
  {
    name: "label does nothing",
    contract: "none",
    provider: withProvider((provider) => (provider.label ? { label: async () => undefined } : {})),
  },
  ...(["none", "native-token"] as const).map((contract) => ({
    name: "state table ignored: what has ended was never bought",
    contract,
    provider: withProvider((provider) => ({
      lookup: async (request, token, context) => {
        const existing = await provider.lookup(request, token, context);
        return existing?.sighting?.meaning === "ended" ? undefined : existing;
      },
      inventory: async (request, token, context) =>
        ((await provider.inventory?.(request, token, context)) ?? []).filter(
          ({ sighting }) => sighting?.meaning !== "ended",
        ),
    })),
  })),
  {
    name: "state table ignored: what is void is bought again",
    contract: "none",
    provider: withProvider((provider) => ({
      inventory: async (request, token, context) =>
        ((await provider.inventory?.(request, token, context)) ?? []).filter(
          ({ sighting }) => sighting?.meaning !== "void",
        ),
    })),
  },
  {
    name: "lane too fine, and a maybe taken for certain",
    contract: "none",
    provider: withProvider((provider) => ({
      prepare: async (request, token, context) => {
        const { lane, ...prepared } = await provider.prepare(request, token, context);
        return { ...prepared, lane: `${lane}/${JSON.stringify(request)}` };
      },
      inventory: async (request, token, context) =>
        ((await provider.inventory?.(request, token, context)) ?? []).map(({ maybe: _, ...item }) => item),
    })),
  },
  {
    name: "an attempt that was not sent moves the clock",
    contract: "native-token",
    store: withStore((store) => ({ commit: async (change) => store.commit(await withLaterClock(store, change)) })),
  },
  {
    name: "withdrawn flag ignored",
    contract: "native-token",
    store: reading((execution) => withLines(execution, () => ({ withdrawn: null }))),
  },
  {
    name: "boundary skipped: an unknown answer is taken for not sent",
    contract: "none",
    provider: withProvider((provider) => ({
      async purchase(permit, context) {
        const outcome = await provider.purchase(permit, context);
        return KNOWN_KINDS.includes(outcome?.kind) ? outcome : { kind: "not_sent", reason: "as it seems" };
      },
    })),
  },
  {
    name: "a person's claim trusted",
    contract: "none",
    theme: "words",
    store: withStore((store) => ({
      claims: async (query) => (await store.claims(query)).map((claim) => ({ ...claim, byPerson: false })),
    })),
  },
  {
    name: "a person's word that nothing was bought trusted",
    contract: "none",
    theme: "words",
    store: reading((execution) => withLines(execution, () => ({ saidAbsent: null }))),
  },
  {
    name: "bounds of today's contract",
    contract: "none",
    theme: "lateness",
    store: reading((execution) => withLines(execution, () => ({ sentUnder: null }))),
  },
  {
    name: "approvals that never grow old",
    contract: "native-token",
    store: reading((execution) => ({ ...execution, approvedAt: execution.approvedAt && execution.updatedAt })),
  },
  {
    name: "provider ignores beforeWire",
    contract: "none",
    provider: withProvider((provider) => ({
      purchase: (permit, context) => provider.purchase(permit, { ...context, beforeWire() {} }),
    })),
  },
];

const KNOWN_KINDS: readonly unknown[] = ["committed", "rejected", "not_now", "not_sent", "unknown"];

/** A store whose readers misread every execution. */
function reading(misread: (execution: Execution) => Execution): (store: ExecutionStore) => ExecutionStore {
  return (store) => ({
    ...store,
    get: async (id) => {
      const execution = await store.get(id);
      return execution && misread(execution);
    },
    commit: async (change) => {
      const result = await store.commit(change);
      return result.kind === "moved" ? { ...result, execution: misread(result.execution) } : result;
    },
    claimDue: async (batch) =>
      (await store.claimDue(batch)).map((claimed) => ({ ...claimed, execution: misread(claimed.execution) })),
  });
}

const withLines = (execution: Execution, change: (line: PurchaseLine) => Partial<PurchaseLine>): Execution => ({
  ...execution,
  lines: execution.lines.map((line) => ({ ...line, ...change(line) })),
});

/** A change that keeps the time of the write-ahead where it would take it back. */
async function withLaterClock(store: ExecutionStore, change: ExecutionChange): Promise<ExecutionChange> {
  const stored = await store.get(change.executionId);
  const lines = change.lines?.map((line) => {
    const submittedAt = stored?.lines.find(({ index }) => index === line.index)?.submittedAt ?? null;
    return line.stampSubmission ? line : { ...line, progress: { ...line.progress, submittedAt } };
  });
  return { ...change, ...(lines && { lines }) };
}

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

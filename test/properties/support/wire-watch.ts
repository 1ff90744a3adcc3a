import type { Clock, EpochMs } from "../../../src/domain/clock.js";
import type { Execution } from "../../../src/domain/execution.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import type { PurchasePermit } from "../../../src/providers/purchase-permit.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";

/** What was true when a request passed its last check before the wire. */
export interface Passage {
  readonly worker: string;
  readonly permit: PurchasePermit;
  /** By the store's clock. */
  readonly at: EpochMs;
  readonly aborted: boolean;
  readonly killed: boolean;
  /** Everything stored at that moment. */
  readonly executions: readonly Execution[];
}

/** Stands at the wire and notes what is stored whenever a request passes. */
export interface WireWatch {
  /** The cloud as one worker reaches it. */
  over<Provider extends CommitmentProvider>(provider: Provider, worker: string): Provider;
  /** Whether the request of a permit has passed. */
  hasPassed(token: string, attempt: number): boolean;
  passages(): Promise<readonly Passage[]>;
}

/** Watches a wire against the real store, whatever a sabotaged one says. */
export function wireWatch(store: ExecutionStore, storeClock: Clock, isKilled: () => boolean): WireWatch {
  const passages: Promise<Passage>[] = [];
  const passed = new Set<string>();
  // The call of a purchase is not ended by its caller's abort. The lookup before it is.
  const signals = new Map<string, AbortSignal>();
  return {
    hasPassed: (token, attempt) => passed.has(`${token} ${attempt}`),
    over: (provider, worker) => ({
      ...provider,
      lookup: (request, token, context) => {
        // A call that has ended may reach the cloud late, and is none of the call that sends.
        if (!context.signal.aborted) signals.set(`${worker} ${token}`, context.signal);
        return provider.lookup(request, token, context);
      },
      purchase: (permit: PurchasePermit, context: Parameters<CommitmentProvider["purchase"]>[1]) =>
        provider.purchase(permit, {
          ...context,
          beforeWire() {
            context.beforeWire();
            passed.add(`${permit.token} ${permit.attempt}`);
            const now = {
              at: storeClock.now(),
              aborted: signals.get(`${worker} ${permit.token}`)?.aborted === true,
              killed: isKilled(),
            };
            // The store reads when it is called, so this is the state of this very moment.
            const stored = store.history({ limit: 200 });
            passages.push(stored.then(({ executions }) => ({ worker, permit, ...now, executions })));
          },
        }),
    }),
    passages: () => Promise.all(passages),
  };
}

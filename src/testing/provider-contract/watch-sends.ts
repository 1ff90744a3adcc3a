import { messageOf } from "../../domain/errors.js";
import type { CommitmentProvider, PurchaseContext, PurchaseOutcome } from "../../providers/commitment-provider.js";
import type { PurchasePermit } from "../../providers/purchase-permit.js";

/** One purchase call as it was seen from outside. */
export interface ObservedSend {
  /** How often `beforeWire` was called. */
  readonly wireChecks: number;
  readonly outcome: PurchaseOutcome | { readonly kind: "threw"; readonly reason: string };
}

/** A provider and what its purchase calls came to. */
export interface SendWatch {
  /** The same provider; every call goes through. */
  readonly provider: CommitmentProvider;
  /** Those that have ended. */
  readonly sends: readonly ObservedSend[];
  /** How many began. */
  begun(): number;
}

/** Watches a provider's purchase calls; `onPurchase` is called as each of them begins, before the provider sees it. */
export function watchSends(provider: CommitmentProvider, onPurchase: () => void = () => {}): SendWatch {
  const sends: ObservedSend[] = [];
  let begun = 0;
  const buy = async (permit: PurchasePermit, context: PurchaseContext): Promise<PurchaseOutcome> => {
    let wireChecks = 0;
    begun += 1;
    const beforeWire = () => {
      wireChecks += 1;
      context.beforeWire();
    };
    onPurchase();
    try {
      const outcome = await Reflect.apply(provider.purchase, provider, [permit, { ...context, beforeWire }]);
      sends.push({ wireChecks, outcome });
      return outcome;
    } catch (thrown) {
      sends.push({ wireChecks, outcome: { kind: "threw", reason: messageOf(thrown) } });
      throw thrown;
    }
  };
  return { provider: replaced(provider, "purchase", buy), sends, begun: () => begun };
}

/** The same object with one member replaced; methods keep their own `this`, so that classes with private fields work. */
export function replaced<Port extends object, Name extends keyof Port>(
  port: Port,
  name: Name,
  replacement: Port[Name],
): Port {
  // An heir has no members of its own, so a frozen port may be replaced in as well.
  const heir: Port = Object.create(port);
  return new Proxy(heir, {
    get(_, key) {
      if (key === name) return replacement;
      const value: unknown = Reflect.get(port, key);
      return typeof value === "function" ? value.bind(port) : value;
    },
  });
}

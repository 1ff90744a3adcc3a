import { messageOf } from "../../domain/errors.js";
import type { CommitmentProvider, PurchaseContext, PurchaseOutcome } from "../../providers/commitment-provider.js";
import type { PurchasePermit } from "../../providers/purchase-permit.js";

/** One purchase call as it was seen from outside. */
export interface ObservedSend {
  /** The number of calls of `beforeWire`. */
  readonly wireChecks: number;
  readonly outcome: PurchaseOutcome | { readonly kind: "threw"; readonly reason: string };
}

/** A provider and the results of its purchase calls. */
export interface SendWatch {
  /** The same provider; every call goes through. */
  readonly provider: CommitmentProvider;
  /** The purchase calls that have ended. */
  readonly sends: readonly ObservedSend[];
  /** The number of purchase calls that began. */
  begun(): number;
}

/** Watches a provider's purchase calls. `onPurchase` is called before the provider sees each of them. */
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

/** The same object with one member replaced. Methods keep their `this`, so that classes with private fields work. */
export function replaced<Port extends object, Name extends keyof Port>(
  port: Port,
  name: Name,
  replacement: Port[Name],
): Port {
  // The proxy's target has no members of its own, so that a member of a frozen port can be replaced too.
  const heir: Port = Object.create(port);
  return new Proxy(heir, {
    get(_, key) {
      if (key === name) return replacement;
      const value: unknown = Reflect.get(port, key);
      return typeof value === "function" ? value.bind(port) : value;
    },
  });
}

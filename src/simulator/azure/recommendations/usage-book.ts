import * as z from "zod/mini";
import { readSettings } from "../../read-settings.js";
import { isGuid } from "../guid.js";

const subscription = z.string().check(z.refine(isGuid, "must be a GUID"));
const text = z.string().check(z.minLength(1));

export const statedUsageSchema: z.ZodMiniType<StatedUsage> = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("units"),
    subscription,
    reservedResourceType: text,
    sku: text,
    location: text,
    units: z.int().check(z.nonnegative()),
  }),
  z.strictObject({ kind: z.literal("spend"), subscription, hourly: z.number().check(z.nonnegative()) }),
]);

/** What a subscription uses, in every hour. */
export type StatedUsage =
  | {
      /** Units that a reservation covers, such as virtual machines of a size. */
      readonly kind: "units";
      readonly subscription: string;
      /** Such as `VirtualMachines`. */
      readonly reservedResourceType: string;
      readonly sku: string;
      readonly location: string;
      readonly units: number;
    }
  | {
      /** What a savings plan covers. */
      readonly kind: "spend";
      readonly subscription: string;
      /** Its cost on demand, in the billing currency. */
      readonly hourly: number;
    };

/** What every subscription uses. */
export class UsageBook {
  readonly #usage = new Map<string, StatedUsage>();

  list(): StatedUsage[] {
    return [...this.#usage.values()];
  }

  /** Throws `TypeError` for what is no usage. */
  set(usage: StatedUsage): void {
    const kept = readSettings(statedUsageSchema, structuredClone(usage));
    const { kind, subscription } = kept;
    const what = kind === "units" ? [kept.reservedResourceType, kept.sku, kept.location] : [];
    this.#usage.set(JSON.stringify([kind, subscription, ...what]).toLowerCase(), kept);
  }

  /** The usage of one kind of one subscription. */
  of<Kind extends StatedUsage["kind"]>(kind: Kind, subscription: string): Extract<StatedUsage, { kind: Kind }>[] {
    return this.list().filter(
      (usage): usage is Extract<StatedUsage, { kind: Kind }> =>
        usage.kind === kind && usage.subscription.toLowerCase() === subscription,
    );
  }
}

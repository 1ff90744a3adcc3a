import type { AwsCall } from "../../aws-service.js";

/** What reserved instances are modified into: how many, and what changes. */
export interface TargetConfiguration {
  readonly InstanceCount: number;
  readonly InstanceType?: string | undefined;
  readonly AvailabilityZone?: string | undefined;
  readonly Platform?: string | undefined;
  readonly Scope?: "Region" | "Availability Zone" | undefined;
}

/** A modification of reserved instances as EC2 keeps it. */
export interface Modification {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly clientToken?: string | undefined;
  /** When it was asked for and carried out; here that is one moment. */
  readonly at: number;
  readonly sourceIds: readonly string[];
  readonly results: readonly { readonly id: string; readonly target: TargetConfiguration }[];
}

/** All modifications of all accounts and regions; each call sees those of its own account and region. */
export class ModificationsBook {
  readonly #modifications: Modification[] = [];

  add(modification: Modification): void {
    this.#modifications.push(modification);
  }

  /** What a listing of the caller's account and region shows as of `moment`. */
  listed({ account, region }: AwsCall, moment: number): Modification[] {
    return this.#modifications.filter((one) => one.account === account && one.region === region && one.at <= moment);
  }
}

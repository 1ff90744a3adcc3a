import type { AwsCall } from "./aws-service.js";

/** What every entry of a book says: whose it is, and when it was written. */
interface Entry {
  readonly account: string;
  readonly region: string;
  readonly at: number;
}

/**
 * What was done to commitments of all accounts and regions. Each call sees the entries of its own account and region.
 */
export class CallersBook<Written extends Entry> {
  readonly #entries: Written[] = [];

  add(entry: Written): void {
    this.#entries.push(entry);
  }

  /** What a listing of the caller's account and region shows as of `moment`. */
  listed({ account, region }: AwsCall, moment: number): Written[] {
    return this.#entries.filter((one) => one.account === account && one.region === region && one.at <= moment);
  }
}

import type { AwsCall } from "../aws-service.js";
import type { ReservedNodes } from "../reserved-nodes/reserved-nodes.js";

/** An exchange of reserved nodes as Redshift keeps it. */
export interface Exchange {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** When it was asked for and carried out; here that is one moment. */
  readonly at: number;
  readonly source: ReservedNodes;
  readonly target: ReservedNodes;
}

/** All exchanges of all accounts and regions; each call sees those of its own account and region. */
export class ExchangesBook {
  readonly #exchanges: Exchange[] = [];

  add(exchange: Exchange): void {
    this.#exchanges.push(exchange);
  }

  /** What a listing of the caller's account and region shows as of `moment`. */
  listed({ account, region }: AwsCall, moment: number): Exchange[] {
    return this.#exchanges.filter((one) => one.account === account && one.region === region && one.at <= moment);
  }
}

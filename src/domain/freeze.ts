import type { EpochMs } from "./clock.js";

/** What a freeze covers. Every part that is stated must match. A scope without parts covers everything. */
export interface FreezeScope {
  readonly cloud?: string;
  readonly service?: string;
  readonly account?: string;
}

/** A freeze before it is stored. */
export interface NewFreeze {
  readonly id: string;
  readonly scope: FreezeScope;
  readonly frozenBy: string;
  readonly reason: string;
}

/** Nothing is sent in the scope of a freeze until a person lifts it. */
export interface Freeze extends NewFreeze {
  readonly frozenAt: EpochMs;
}

/** A freeze that a person has lifted. */
export interface LiftedFreeze extends Freeze {
  readonly liftedBy: string;
  readonly liftReason: string;
  readonly liftedAt: EpochMs;
}

import { OfferingHistory } from "./offering-history.js";

/** What every offering that has a price has. */
export interface PricedOffering {
  readonly offeringId: string;
  readonly region: string;
  readonly fixedPrice: number;
  readonly hourlyPrice: number;
}

/** A new price of an offering; what is left out stays as it is. */
export interface PriceChange {
  readonly offeringId: string;
  readonly fixedPrice?: number | undefined;
  readonly hourlyPrice?: number | undefined;
}

/** What one service sells in each region; a region is seeded when it is first asked for. */
export class RegionalOfferings<Offering extends PricedOffering> {
  readonly #seed: (region: string) => readonly Offering[];
  readonly #regions = new Map<string, OfferingHistory<Offering>>();

  constructor(seed: (region: string) => readonly Offering[]) {
    this.#seed = seed;
  }

  add(offering: Offering, at: number): void {
    this.#region(offering.region).set(offering, at);
  }

  /** What the region sold at `moment`. */
  asOf(region: string, moment: number): Offering[] {
    return this.#region(region).asOf(moment);
  }

  /** Changes a price from `at` on, and returns whether a region that was asked for sells the offering. */
  setPrice({ offeringId, fixedPrice, hourlyPrice }: PriceChange, at: number): boolean {
    const onSale = [...this.#regions.values()].flatMap((offerings) => offerings.asOf(at));
    const offering = onSale.find((candidate) => candidate.offeringId === offeringId);
    if (offering === undefined) return false;
    const price = { fixedPrice: fixedPrice ?? offering.fixedPrice, hourlyPrice: hourlyPrice ?? offering.hourlyPrice };
    this.add({ ...offering, ...price }, at);
    return true;
  }

  #region(region: string): OfferingHistory<Offering> {
    const known = this.#regions.get(region);
    if (known !== undefined) return known;
    const offerings = new OfferingHistory<Offering>();
    for (const offering of this.#seed(region)) offerings.set(offering, Number.NEGATIVE_INFINITY);
    this.#regions.set(region, offerings);
    return offerings;
  }
}

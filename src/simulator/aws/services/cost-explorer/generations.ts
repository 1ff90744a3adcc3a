import { MINUTE_MS } from "../../../read-settings.js";
import { SimulatedError } from "../../../simulated-error.js";
import type { AwsCall } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";

/** How long a generation takes here. */
const GENERATION_MS = 5 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const GENERATIONS_A_DAY = 3;

/**
 * When the recommendations of Savings Plans were computed, and which computations are under way, for each payer.
 *
 * An account that asks for the first time finds recommendations that are half a day old. What is recommended is always
 * new here; only the time is that of the last computation.
 */
export class Generations {
  readonly #organization: AwsWorld["organization"];
  readonly #firstAsked = new Map<string, number>();
  readonly #starts = new Map<string, number[]>();

  constructor({ organization }: Pick<AwsWorld, "organization">) {
    this.#organization = organization;
  }

  /** When the last computation ended that has ended. */
  generatedAt({ account, now }: AwsCall): number {
    const payer = this.#organization.payerOf(account);
    const firstAsked = this.#firstAsked.get(payer) ?? now;
    this.#firstAsked.set(payer, firstAsked);
    const ended = this.#startsOf(payer).filter((start) => start + GENERATION_MS <= now);
    return Math.max(firstAsked - DAY_MS / 2, ...ended.map((start) => start + GENERATION_MS));
  }

  /** Starts a computation, and returns when it will have ended. */
  start({ account, now }: AwsCall): number {
    const payer = this.#organization.payerOf(account);
    const starts = this.#startsOf(payer);
    if (starts.some((start) => start + GENERATION_MS > now))
      throw new SimulatedError("GenerationExistsException", 400, "A request to generate is already in progress.");
    // Three a day are documented, and not by which of its errors the operation refuses the fourth.
    if (starts.filter((start) => start > now - DAY_MS).length >= GENERATIONS_A_DAY)
      throw new SimulatedError("ServiceQuotaExceededException", 400, "You've reached the limit of generations a day.");
    this.#starts.set(payer, [...starts, now]);
    return now + GENERATION_MS;
  }

  #startsOf(payer: string): readonly number[] {
    return this.#starts.get(payer) ?? [];
  }
}

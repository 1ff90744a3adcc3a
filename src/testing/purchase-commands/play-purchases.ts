import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import { checkKeys } from "../../domain/options.js";
import { AWS_TIMING } from "../../providers/aws/aws-timing.js";
import { MAX_ORDERS, orderBook } from "./order-book.js";
import type { PurchaseCommand } from "./purchase-command.js";
import { openPlay } from "./purchase-play.js";
import type { PurchaseWiring, PurchaseWorld } from "./purchase-wiring.js";

/** Options of {@link playPurchases}. */
export interface PlayOptions {
  /** What the cloud of this play dedupes. Default: nothing, with the timings of EC2. */
  readonly contract?: IdempotencyContract;
}

const EC2: IdempotencyContract = { kind: "none", windowMs: 0, ...AWS_TIMING };

/**
 * Plays commands over a fresh world of your wiring, ends all faults, lets it come to rest, and checks the cloud's ledger.
 *
 * An `AssertionError` where a line was bought twice under whatever token, without an approval, after its withdrawal or in
 * another quantity, where an approved order is never bought though the cloud refused none of it, and where your books
 * say otherwise than the ledger. Nothing that a store says counts as proof. `INVALID_REQUEST` for an option, a handler
 * or a part of the wiring that nobody calls: what is misspelt would never be played.
 */
export async function playPurchases(
  commands: Iterable<PurchaseCommand>,
  setUp: (world: PurchaseWorld) => PurchaseWiring | Promise<PurchaseWiring>,
  options: PlayOptions = {},
): Promise<void> {
  checkKeys<PlayOptions>("options", options, { contract: true });
  const { contract = EC2 } = options;
  const book = orderBook(MAX_ORDERS);
  const play = await openPlay(contract, setUp);
  try {
    for (const command of commands) {
      // No two commands at the same instant: of two executions the later one is then the newer, in every repetition.
      play.pass(1);
      if (command.check(book)) await command.run(book, play);
    }
    await play.rest(book);
  } finally {
    await play.close();
  }
}

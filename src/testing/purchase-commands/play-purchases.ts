import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import { invalidArgument } from "../../domain/input-problem.js";
import { checkKeys } from "../../domain/options.js";
import { EC2_CONTRACT } from "../ec2-contract.js";
import { MAX_ORDERS, orderBook } from "./order-book.js";
import type { PurchaseCommand } from "./purchase-command.js";
import { openPlay } from "./purchase-play.js";
import type { PurchaseWiring, PurchaseWorld } from "./purchase-wiring.js";

/** Options of {@link playPurchases}. */
export interface PlayOptions {
  /** What the cloud of this play dedupes. Default: nothing, with the timings of EC2. */
  readonly contract?: IdempotencyContract;
}

/**
 * Plays commands over a fresh world of your wiring, ends all faults, waits for rest, and checks the cloud's ledger.
 *
 * Throws an `AssertionError` if a line was bought twice under any token, without an approval, after its withdrawal or
 * in another quantity. The same if an approved order is never bought although the cloud refused none of it, or if your
 * books contradict the ledger. Nothing that a store says counts as proof.
 *
 * Throws `INVALID_REQUEST` for an option, a handler or a part of the wiring that is not known: a misspelt one would
 * never be played.
 */
export async function playPurchases(
  commands: Iterable<PurchaseCommand>,
  setUp: (world: PurchaseWorld) => PurchaseWiring | Promise<PurchaseWiring>,
  options: PlayOptions = {},
): Promise<void> {
  if (typeof setUp !== "function") throw invalidArgument("setUp", "must be a function that sets up a wiring");
  checkKeys<PlayOptions>("options", options, { contract: true });
  const { contract = EC2_CONTRACT } = options;
  const book = orderBook(MAX_ORDERS);
  const play = await openPlay(contract, setUp);
  try {
    for (const command of commands) {
      // Each command has a time of its own. So the later one of two executions is also the newer one, in every replay.
      play.pass(1);
      if (command.check(book)) await command.run(book, play);
    }
    await play.rest(book);
  } finally {
    await play.close();
  }
}

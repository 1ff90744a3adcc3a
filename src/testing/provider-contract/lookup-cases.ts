import { isBuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import { assert } from "../assert.js";
import type { ProviderCase } from "./contract-case.js";
import { bought, contextOf, FOREIGN_TOKEN, lineOf, openSubject, type Subject, tokenOf } from "./steps.js";

/** Cases about how an existing commitment is found. */
export const lookupCases: readonly ProviderCase[] = [
  {
    name: "finds what was bought under its token, labeled and without a difference",
    needs: ["found-by-token"],
    async run(fixture) {
      const subject = openSubject(fixture);
      const execution = await bought(subject);
      const found = await lookedUp(subject, execution);
      assert.deepEqual([...(found?.commitmentIds ?? [])].sort(), idsOf(execution));
      assert.equal(found?.labeled, true, "the commitment is not found as labeled");
      assert.deepEqual(found.differences, []);
    },
  },
  {
    name: "finds nothing under the token of another line",
    needs: [],
    async run(fixture) {
      const subject = openSubject(fixture);
      await bought(subject);
      assert.equal(await subject.provider.lookup(fixture.request, FOREIGN_TOKEN, contextOf(subject)), undefined);
    },
  },
  {
    name: "tells how a commitment under the token differs from the line, or refuses",
    needs: ["found-by-token"],
    async run(fixture) {
      const subject = openSubject(fixture);
      const execution = await bought(subject);
      const ask = contextOf(subject, lineOf(execution));
      const found = await subject.provider
        .lookup(fixture.different, tokenOf(execution), ask)
        .catch((thrown: unknown) => refusal(thrown));
      assert.ok(found !== undefined, "a commitment that differs is not found, so the line would be bought again");
      assert.ok(
        found === "refused" || found.differences.length > 0,
        "a commitment that differs is taken for the line's commitment",
      );
    },
  },
  {
    name: "lists what was bought in its inventory, with its quantity and age, and under no other line's token",
    needs: ["lane"],
    async run(fixture) {
      const subject = openSubject(fixture);
      const execution = await bought(subject);
      const items = await inventoryOf(subject, execution);
      assert.deepEqual(items.map(({ commitmentId }) => commitmentId).sort(), idsOf(execution));
      const quantity = items.reduce((sum, item) => sum + (item.quantity ?? assert.fail("an item has no quantity")), 0);
      assert.equal(quantity, fixture.request.quantity);
      const notBefore = (lineOf(execution).submittedAt ?? assert.fail()) - subject.provider.idempotency.clockSkewMs;
      for (const { startedAt = notBefore, token, maybe } of items) {
        assert.ok(
          startedAt >= notBefore,
          "a commitment that was bought just now is shown as older than the line's request",
        );
        assert.equal(maybe, undefined, "an item is a `maybe` although the listing states all attributes");
        assert.ok(
          token === undefined || token === tokenOf(execution),
          "the bought commitment is shown with another token",
        );
      }
    },
  },
];

const idsOf = (execution: Execution): readonly string[] =>
  [...(lineOf(execution).commitment?.commitmentIds ?? assert.fail("nothing is recorded"))].sort();

const lookedUp = ({ provider, fixture }: Subject, execution: Execution) =>
  provider.lookup(fixture.request, tokenOf(execution), contextOf({ fixture }, lineOf(execution)));

const inventoryOf = async ({ provider, fixture }: Subject, execution: Execution) =>
  (await provider.inventory?.(fixture.request, tokenOf(execution), contextOf({ fixture }, lineOf(execution)))) ??
  assert.fail("the provider has no inventory");

/** Accepts an error that refuses the line for good: such a line is not bought. */
function refusal(thrown: unknown): "refused" {
  if (isBuyonceError(thrown) && !thrown.retryable) return "refused";
  throw thrown;
}

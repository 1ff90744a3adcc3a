import { ERROR_FACTS } from "../../domain/error-facts.js";
import { ERROR_CODES, type ErrorCode, isBuyonceError } from "../../domain/errors.js";
import type { Prepared } from "../../domain/evidence.js";
import { type Money, timesMoney } from "../../domain/money.js";
import type { CommitmentProvider } from "../../providers/commitment-provider.js";
import { assert } from "../assert.js";
import type { ProviderCase } from "./contract-case.js";
import type { CloudFault, ProviderFixture } from "./provider-fixture.js";
import { assertBoughtOnce, reportOn } from "./purchase-report.js";
import { SIGHTS } from "./sight.js";
import {
  approved,
  assertNothingSent,
  contextOf,
  FOREIGN_TOKEN,
  lineOf,
  openSubject,
  ranInto,
  settled,
} from "./steps.js";
import { replaced } from "./watch-sends.js";

/** Cases in which no request may be sent. */
export const guardCases: readonly ProviderCase[] = [
  ...(["lookup-fails", "lookup-denied"] as const).map(
    (kind): ProviderCase => ({
      name: `sends nothing where the ${kind === "lookup-fails" ? "lookup fails" : "lookup is denied"}, and buys once it works again`,
      needs: [kind],
      run: (fixture) => postpones(fixture, { kind }),
    }),
  ),
  ...SIGHTS.map(
    ({ by, needs, seen }): ProviderCase => ({
      name: `throws from its ${by} where the cloud cannot be asked, however it says so`,
      needs: [needs, "lookup-fails", "lookup-denied"],
      async run(fixture) {
        for (const kind of ["lookup-fails", "lookup-denied"] as const) {
          await fixture.cloud.fault({ kind });
          await assertUncertain(
            seen(fixture.provider, fixture, { token: FOREIGN_TOKEN, context: contextOf({ fixture }) }),
          );
          await fixture.cloud.heal();
        }
      },
    }),
  ),
  ...SIGHTS.map(
    ({ by, needs, seen }): ProviderCase => ({
      name: `refuses credentials of another account in its ${by}`,
      needs: [needs, "stranger"],
      async run(fixture) {
        const stranger = fixture.stranger ?? assert.fail("the fixture has no stranger");
        const answer = seen(stranger, fixture, { token: FOREIGN_TOKEN, context: contextOf({ fixture }) });
        await assertRefuses(answer, "ACCOUNT_MISMATCH");
      },
    }),
  ),
  {
    name: "refuses credentials of another account and sends nothing",
    needs: ["stranger"],
    async run(fixture) {
      const stranger = fixture.stranger ?? assert.fail("the fixture has no stranger");
      const subject = openSubject(fixture, { provider: stranger });
      const id = await approved(subject);
      const execution = await subject.engine.run(id);
      assert.equal(execution.status, "failed");
      assert.equal(lineOf(execution).rejection?.code, "ACCOUNT_MISMATCH");
      const preparing = stranger.prepare(fixture.request, FOREIGN_TOKEN, contextOf(subject));
      await assertRefuses(preparing, "ACCOUNT_MISMATCH");
      await assertNothingSent(fixture);
    },
  },
  {
    name: "refuses credentials of another account that come between preparing and buying",
    needs: ["stranger"],
    async run(fixture) {
      const stranger = fixture.stranger ?? assert.fail("the fixture has no stranger");
      const buy: CommitmentProvider["purchase"] = (permit, context) =>
        Reflect.apply(stranger.purchase, stranger, [permit, context]);
      const subject = openSubject(fixture, { provider: replaced(fixture.provider, "purchase", buy) });
      const execution = await subject.engine.run(await approved(subject));
      assert.notEqual(lineOf(execution).state, "committed");
      await assertNothingSent(fixture);
    },
  },
  {
    name: "refuses a price that has drifted and sends nothing",
    needs: ["price"],
    async run(fixture) {
      const doubled = { ...fixture.request, expectedPrice: timesMoney(fixture.request.expectedPrice, 2) };
      await assertRefuses(fixture.provider.prepare(doubled, FOREIGN_TOKEN, contextOf({ fixture })), "PRICE_DRIFT");
      const subject = openSubject(fixture);
      // If the price follows from the line itself, a wrong price is refused at submission.
      const id = await approved(subject, doubled).catch((thrown: unknown) => {
        if (!isBuyonceError(thrown, "INVALID_REQUEST")) throw thrown;
      });
      if (id !== undefined) assert.equal(lineOf(await subject.engine.run(id)).rejection?.code, "PRICE_DRIFT");
      await assertNothingSent(fixture);
    },
  },
  {
    name: "refuses a line that the cloud does not sell and sends nothing",
    needs: ["unsold"],
    async run(fixture) {
      const unsold = fixture.unsold ?? assert.fail("the fixture has no unsold line");
      const subject = openSubject(fixture);
      const execution = await subject.engine.run(await approved(subject, unsold));
      assert.equal(execution.status, "failed");
      assert.equal(lineOf(execution).rejection?.code, "OFFERING_NOT_FOUND");
      await assertNothingSent(fixture);
    },
  },
  {
    name: "moves no money by looking, preparing and listing, and prepares the same each time",
    needs: [],
    async run(fixture) {
      const { provider, request } = fixture;
      const ask = contextOf({ fixture });
      const prepared: Prepared[] = [];
      for (let round = 0; round < 2; round += 1) {
        assert.equal(await provider.lookup(request, FOREIGN_TOKEN, ask), undefined);
        prepared.push(await provider.prepare(request, FOREIGN_TOKEN, ask));
        assert.deepEqual((await provider.inventory?.(request, FOREIGN_TOKEN, ask)) ?? [], []);
      }
      await assertNothingSent(fixture);
      const [first, second] = prepared;
      // An order id is minted anew each time; everything else follows from the line.
      if (provider.idempotency.kind !== "server-minted") assert.deepEqual(second, first);
      if (first?.price !== undefined) assertSamePrice(first.price, request.expectedPrice);
    },
  },
];

async function postpones(fixture: ProviderFixture, fault: CloudFault): Promise<void> {
  const { subject, id, execution } = await ranInto(fixture, [fault]);
  const { state, lastError } = lineOf(execution);
  assert.equal(state, "planned");
  assert.equal(execution.status, "approved");
  const code =
    ERROR_CODES.find((one) => one === lastError?.code) ??
    assert.fail(`the last error has an unknown code: ${lastError?.code}`);
  assert.ok(ERROR_FACTS[code].retryable, `${code} is not retryable`);
  await assertNothingSent(fixture);
  await fixture.cloud.heal();
  await settled(subject, id);
  assertBoughtOnce(await reportOn(subject, id), fixture);
}

/** Asserts that a call threw, and that the error does not refuse the line for good. */
async function assertUncertain(call: Promise<unknown>): Promise<void> {
  const thrown = await call.then(
    (answer) => assert.fail(`the call answered ${JSON.stringify(answer)} although the cloud could not be asked`),
    (reason: unknown) => reason,
  );
  if (thrown instanceof assert.AssertionError) throw thrown;
  if (isBuyonceError(thrown)) assert.ok(thrown.retryable, `${thrown.code} refuses the line for good`);
}

const assertSamePrice = (found: Money, expected: Money): void => {
  assert.equal(found.currency, expected.currency);
  assert.equal(Number(found.amount), Number(expected.amount), "the price is not the line's exact price");
};

/** Asserts that a call of the port was refused for good with this code. */
async function assertRefuses(call: Promise<unknown>, code: ErrorCode): Promise<void> {
  const thrown = await call.then(
    () => assert.fail(`the call went through, expected a refusal with ${code}`),
    (reason: unknown) => reason,
  );
  assert.ok(isBuyonceError(thrown), `the call threw ${String(thrown)}, expected a BuyonceError ${code}`);
  assert.equal(thrown.code, code);
}

import { assert } from "../assert.js";
import type { ProviderCase } from "./contract-case.js";
import { assertBoughtOnce, reportOn } from "./purchase-report.js";
import {
  approved,
  bought,
  contextOf,
  lineOf,
  openSubject,
  REQUEST_KEY,
  ranInto,
  requestsSent,
  sendsEnded,
  settled,
  tokenOf,
} from "./steps.js";

/** Cases of a purchase with which nothing goes wrong. */
export const purchaseCases: readonly ProviderCase[] = [
  {
    name: "buys the line's quantity once, in the line's account, and records what the cloud has",
    needs: [],
    async run(fixture) {
      const subject = openSubject(fixture);
      const execution = await bought(subject);
      const report = await reportOn(subject, execution.id);
      assertBoughtOnce(report, fixture);
      assert.equal(report.requestsSent, 1);
      assert.equal(report.adopted, false, "the cloud's confirmation was not taken for a confirmation");
      for (const { account } of await fixture.cloud.purchases()) assert.equal(account, fixture.request.account);
    },
  },
  {
    name: "sends nothing for a second run, another tick, or a submission under the same request key",
    needs: [],
    async run(fixture) {
      const subject = openSubject(fixture);
      const { id } = await bought(subject);
      const submission = { requestKey: REQUEST_KEY, createdBy: "contract", lines: [fixture.request] };
      assert.equal((await subject.engine.submit(submission)).id, id);
      await subject.engine.run(id);
      await subject.worker().run(id);
      await settled(subject, id);
      assert.equal(await requestsSent(fixture), 1);
    },
  },
  {
    name: "puts the whole token on the wire or on the label",
    needs: ["carries-token"],
    async run(fixture) {
      const token = tokenOf(await bought(openSubject(fixture)));
      const shown = fixture.shownToken?.(token) ?? token;
      assert.deepEqual(
        (await fixture.cloud.purchases()).map((purchase) => purchase.token),
        [shown],
      );
    },
  },
  {
    name: "asks once, before the request leaves, whether it still may",
    needs: [],
    async run(fixture) {
      const subject = openSubject(fixture);
      await bought(subject);
      assert.deepEqual(
        subject.sends.map(({ wireChecks }) => wireChecks),
        [1],
      );
    },
  },
  {
    name: "sends nothing if it may not any more: the kill switch went on after the write-ahead",
    needs: [],
    async run(fixture) {
      let isOn = false;
      const turnOn = () => {
        isOn = true;
      };
      const subject = openSubject(fixture, { engine: { killSwitch: () => isOn }, onPurchase: turnOn });
      const id = await approved(subject);
      const execution = await subject.engine.run(id);
      assert.equal(await requestsSent(fixture), 0, "a request was sent with the kill switch on");
      assert.equal(lineOf(execution).state, "planned", "the line is not planned although no request was sent");
      assert.equal(lineOf(execution).lastError?.code, "NOT_SENT");
    },
  },
  {
    name: "sends nothing if the call was aborted before the request left, and buys once later",
    needs: [],
    async run(fixture) {
      const caller = new AbortController();
      const subject = openSubject(fixture, { onPurchase: () => caller.abort() });
      const id = await approved(subject);
      const execution = await subject.engine.run(id, { signal: caller.signal });
      await sendsEnded(subject);
      assert.equal(await requestsSent(fixture), 0, "a request was sent after the abort");
      assert.notEqual(lineOf(execution).state, "rejected");
      await settled(subject, id);
      assertBoughtOnce(await reportOn(subject, id), fixture);
    },
  },
  {
    name: "rejects what the cloud refuses, with the cloud's own code, and does not ask again",
    needs: ["refused"],
    async run(fixture) {
      const { subject, id, execution } = await ranInto(fixture, [{ kind: "refused" }]);
      assert.equal(execution.status, "failed");
      assert.equal(lineOf(execution).rejection?.code, fixture.cloud.refusalCode);
      await settled(subject, id);
      assert.equal(await requestsSent(fixture), 1, "a refused purchase was sent again");
      assert.deepEqual(await fixture.cloud.purchases(), []);
    },
  },
  {
    name: "buys nothing by looking, listing and labeling again after the purchase",
    needs: [],
    async run(fixture) {
      const subject = openSubject(fixture);
      const execution = await bought(subject);
      const before = await fixture.cloud.purchases();
      const line = lineOf(execution);
      const ask = contextOf(subject, line);
      const { provider } = subject;
      await provider.lookup(fixture.request, tokenOf(execution), ask);
      await provider.inventory?.(fixture.request, tokenOf(execution), ask);
      await provider.label?.(line.commitment ?? assert.fail("nothing is recorded"), tokenOf(execution), ask);
      assert.deepEqual(await fixture.cloud.purchases(), before);
      assert.equal(await requestsSent(fixture), 1);
    },
  },
];

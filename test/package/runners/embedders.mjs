import { randomUUID } from "node:crypto";

/** @typedef {import("buyonce/testing").Embedder} Embedder */

const A_MINUTE_MS = 60_000;

/**
 * Buys an order at once, and ticks every five minutes. This is all that a sound embedder needs.
 * @type {Embedder}
 */
export const sound = ({ createEngine }) => {
  const engine = createEngine();
  return {
    async onOrder({ key, lines }) {
      const { id, status } = await engine.submit({ requestKey: key, createdBy: "shop", lines });
      if (status === "pending") await engine.approve(id, { approvedBy: "ann" });
      await engine.run(id);
    },
    cron: { everyMs: 5 * A_MINUTE_MS, run: () => engine.tick() },
  };
};

/** "It said NEED_ALREADY_COVERED, so I let it overlap." @template {object} Line @param {readonly Line[]} lines */
const overlapping = (lines) => lines.map((line) => ({ ...line, allowOverlap: { reason: "automatic" } }));

/**
 * Embedders with one fault each. Each is caught by what stands beside it in the message.
 * @type {readonly { readonly name: string, readonly caughtBy: RegExp, readonly embedder: Embedder }[]}
 */
export const FAULTY = [
  {
    name: "a new request key for each delivery",
    caughtBy: /bought \d times, expected 1: .*request key "[^"]+".*request key "[^"]+"/,
    embedder: (process) => ({
      ...sound(process),
      async onOrder({ lines }) {
        const engine = process.createEngine();
        const { id } = await engine.submit({
          requestKey: randomUUID(),
          createdBy: "shop",
          lines: overlapping(lines),
        });
        await engine.approve(id, { approvedBy: "cron" });
        await engine.run(id);
      },
    }),
  },
  {
    name: "what failed or is in doubt is submitted anew",
    caughtBy: /bought \d times, expected 1: .*"(again\/)*order-\d".*"(again\/)*order-\d"/,
    embedder(process) {
      const engine = process.createEngine();
      const again = async () => {
        const { executions } = await engine.history({ status: ["failed", "in_doubt"] });
        for (const { requestKey, lines } of executions) {
          const requests = overlapping(lines.map(({ request }) => request));
          const { id, status } = await engine.submit({
            requestKey: `again/${requestKey}`,
            createdBy: "cron",
            lines: requests,
          });
          if (status === "pending") await engine.approve(id, { approvedBy: "cron" });
        }
        await engine.tick();
      };
      return { ...sound(process), cron: { everyMs: 5 * A_MINUTE_MS, run: again } };
    },
  },
  {
    name: "an order that is acknowledged before it is stored",
    caughtBy: /line 0 of order-\d: 0 of \d were bought \(delivered \d+ times, acknowledged\)/,
    embedder(process) {
      const { onOrder, ...others } = /** @type {import("buyonce/testing").EmbedderHandlers} */ (sound(process));
      return { ...others, onOrder: async (order) => void onOrder(order).catch(() => {}) };
    },
  },
  {
    name: "an error is logged and the order acknowledged",
    caughtBy: /line 0 of order-\d: 0 of \d were bought \(delivered \d+ times, acknowledged\)/,
    embedder(process) {
      const { onOrder, ...others } = /** @type {import("buyonce/testing").EmbedderHandlers} */ (sound(process));
      const log = () => {};
      return { ...others, onOrder: (order) => onOrder(order).catch(log) };
    },
  },
];

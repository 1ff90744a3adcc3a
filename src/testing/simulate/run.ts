import { AssertionError } from "node:assert";
import { messageOf } from "../../domain/errors.js";
import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import { settleWaitMs } from "../../domain/idempotency-contract.js";
import { memoryStore } from "../../stores/memory/memory-store.js";
import { orderBook } from "../purchase-commands/order-book.js";
import { simulatedCloud } from "../simulated-cloud.js";
import { deliveries } from "./deliveries.js";
import type { Embedder } from "./embedder.js";
import { type Judged, judgePurchases, judgeRest, judgeWithKeys } from "./judge.js";
import { type Machines, machinesOf } from "./machines.js";
import { memoryTable } from "./memory-table.js";
import { faultsOf } from "./mishaps.js";
import type { RunningProcess, Surroundings } from "./process.js";
import { randomFrom } from "./random.js";
import { timeline } from "./timeline.js";
import { traceOf } from "./trace.js";

/** One run of an embedder, with everything that it depends on. */
export interface SimulatedRun {
  readonly seed: number;
  readonly hours: number;
  readonly orders: number;
  readonly processes: number;
  readonly contract: IdempotencyContract;
  readonly embedder: Embedder;
}

/** What one run did. */
export interface RunReport {
  /** How many purchases took effect. */
  readonly purchases: number;
  readonly deliveries: number;
  /** How many processes died. */
  readonly deaths: number;
  /** How many calls of a store or a table failed. */
  readonly storeErrors: number;
  /** What happened, line by line. The same seed gives the same trace. */
  readonly trace: readonly string[];
}

const HOUR_MS = 3_600_000;
/** After the faults, a round is as long as a default engine waits for anything. */
const MOST_ROUNDS = 12;
/** After so many rounds in a row in which nothing was missing, nothing more is expected. */
const QUIET_ROUNDS = 3;
const LEASE_AND_MORE_MS = 130_000;
const SHOWN_LINES = 60;

/** Plays one run to its end. Throws an `AssertionError` with the seed and the trace if it does not end well. */
export async function playRun(run: SimulatedRun): Promise<RunReport> {
  const { seed, hours, contract, embedder } = run;
  const random = randomFrom(seed);
  const time = timeline();
  const { clock } = time;
  const calmFrom = clock.now() + hours * HOUR_MS;
  const trace = traceOf(clock);
  const wire: { sender: RunningProcess | undefined } = { sender: undefined };
  const onWire = async () => wire.sender?.point({ call: "on the wire", moment: "on the wire" });
  const cloud = simulatedCloud({ contract, clock, faults: faultsOf(contract, random), onWire });
  const store = memoryStore({ clock });
  const world = { time, random, trace, cloud, store, table: memoryTable(), wire, calmFrom };
  const inbox = deliveries(() => machines, world);
  const sent = { count: 0 };
  const queue: Surroundings["queue"] = {
    send: async (message) => {
      const body = JSON.stringify(message) ?? "null";
      sent.count += 1;
      inbox.add(
        `message ${sent.count}`,
        (handlers) => handled(handlers.onMessage?.(JSON.parse(body))),
        random.whole(1, 5_000),
      );
    },
  };
  const waitMs = settleWaitMs(contract) + LEASE_AND_MORE_MS;
  const machines: Machines = machinesOf(run.processes, embedder, { ...world, queue });
  const orders = orderBook(run.orders).orders.map(({ order }) => order);
  for (const order of orders)
    inbox.add(order.key, (handlers) => handlers.onOrder(order), random.whole(1, (hours * HOUR_MS) / 2));
  const judged: Judged = { orders, cloud, store };
  const watch = watcher(judged, machines, trace.note);
  try {
    machines.start();
    await time.playUntil(calmFrom, watch);
    trace.note("the faults are over");
    cloud.heal();
    await comeToRest({
      round: () => time.playUntil(clock.now() + Math.max(waitMs, machines.longestPeriodMs), watch),
      judge: () => judgeRest(judged, inbox.all),
    });
  } catch (cause) {
    throw await failureOf(run, { cause, judged, trace: trace.lines });
  }
  return {
    purchases: new Set(cloud.ledger().map(({ requestId }) => requestId)).size,
    deliveries: inbox.all.reduce((sum, { times }) => sum + times, 0),
    deaths: machines.deaths,
    storeErrors: machines.storeErrors,
    trace: trace.lines,
  };
}

/** Plays rounds without faults until nothing was missing for some of them. Throws what is missing after the last. */
async function comeToRest({ round, judge }: { round(): Promise<void>; judge(): void }): Promise<void> {
  for (let rounds = 1, quiet = 0; quiet < QUIET_ROUNDS; rounds += 1) {
    await round();
    try {
      judge();
      quiet += 1;
    } catch (missing) {
      if (rounds >= MOST_ROUNDS) throw missing;
      quiet = 0;
    }
  }
}

/** A process without `onMessage` must not swallow a message. */
function handled(answer: Promise<unknown> | undefined): Promise<unknown> {
  return answer ?? Promise.reject(new TypeError("the process has no onMessage"));
}

/** Notes what reaches the cloud and judges what was bought, after each event. */
function watcher(judged: Judged, machines: Machines, note: (what: string) => void): () => void {
  const seen = { requests: 0, entries: 0 };
  return () => {
    if (machines.broken) throw machines.broken.error;
    const requests = judged.cloud.requests();
    for (const { offering, quantity, answer } of requests.slice(seen.requests))
      note(`the cloud is asked for ${quantity} of ${offering}: ${answer}`);
    seen.requests = requests.length;
    const ledger = judged.cloud.ledger();
    if (ledger.length === seen.entries) return;
    for (const { commitmentId, offering } of ledger.slice(seen.entries)) note(`bought ${commitmentId}: ${offering}`);
    seen.entries = ledger.length;
    judgePurchases(judged);
  };
}

interface Failure {
  readonly cause: unknown;
  readonly judged: Judged;
  readonly trace: readonly string[];
}

/** An `AssertionError` with the seed, the fault with the request keys, and the last lines of the trace. */
async function failureOf({ seed, hours }: SimulatedRun, { cause, judged, trace }: Failure): Promise<Error> {
  const told = await judgeWithKeys(judged).then(
    () => cause,
    (more: unknown) => more,
  );
  const [shown, left] = [trace.slice(-SHOWN_LINES), Math.max(0, trace.length - SHOWN_LINES)];
  const message = [
    messageOf(told).replace(/^AssertionError: /, ""),
    `Replay it with the same options and { seed: ${seed}, hours: ${hours}, runs: 1 }.`,
    ...(left > 0 ? [`(${left} earlier lines)`] : []),
    ...shown,
  ].join("\n");
  return Object.assign(new AssertionError({ message }), { cause });
}

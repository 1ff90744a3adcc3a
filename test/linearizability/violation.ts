import type { Call } from "./history.js";

/** What a history breaks. */
export type Rule =
  /** The versions of an execution go 1, 2, 3 to its last one, each made by one call. */
  | "versions without gaps"
  /** What a call made, and wrote into the trail, is what it asked for. */
  | "one event per change"
  /** The guard of every change held for the version before it: of calls that exclude each other one moved. */
  | "single winner"
  /** What calls gave back is what the execution was at that version. */
  | "true answers"
  /** The order of versions agrees with the order of calls in time. */
  | "real-time order"
  /** Every refusal had a reason while the call was made. */
  | "justified refusals"
  /** What only one may hold was never held by two. */
  | "uniqueness";

/** One way in which a history is not that of a correct store, with the few calls that show it. */
export interface Violation {
  readonly rule: Rule;
  readonly because: string;
  readonly calls: readonly Call[];
}

/** The violation in words: why, then each call with its times since the first of them and its answer. */
export function explain({ rule, because, calls }: Violation): string {
  const start = Math.min(...calls.map(({ invoked }) => invoked.us));
  const told = [...calls].sort((a, b) => a.invoked.us - b.invoked.us).map((call) => `  ${describe(call, start)}`);
  return [`${rule}: ${because}`, ...told].join("\n");
}

function describe(call: Call, start: number): string {
  const ms = (us: number) => ((us - start) / 1_000).toFixed(3);
  const { id, operation, invoked, returned, threw } = call;
  const end = returned ? ms(returned.at.us) : "never returned";
  const answer = returned ? summary(returned.answer) : (threw ?? "killed before its answer");
  return `${id} [${ms(invoked.us)} .. ${end}] ${operation} ${summary(call.asked)} -> ${answer}`;
}

/** What matters of a request or an answer on one line: lines and requests are long. */
function summary(value: unknown): string {
  const text = JSON.stringify(value, (key, part: unknown) => (BULKY.includes(key) ? undefined : part)) ?? "nothing";
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

const BULKY = ["request", "fingerprint", "contentFingerprint", "createdAt", "updatedAt", "statusChangedAt", "prepared"];
const LONGEST = 600;

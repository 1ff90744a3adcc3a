import { readFile } from "node:fs/promises";
import { type CommitmentRequest, isBuyonceError, parseCommitmentRequests } from "buyonce";

/** A basket that can be submitted. */
export interface Basket {
  readonly createdBy: string;
  readonly lines: readonly CommitmentRequest[];
}

/** Reads a basket file and checks every line. If a line is wrong, it prints the problems and returns `undefined`. */
export async function readBasket(file: string): Promise<Basket | undefined> {
  try {
    const { createdBy, lines } = basketOf(JSON.parse(await readFile(file, "utf8")));
    return { createdBy, lines: parseCommitmentRequests(lines) };
  } catch (thrown) {
    console.error(`${file} is refused; nothing was stored or sent.`);
    for (const problem of problemsOf(thrown)) console.error(`  ${problem}`);
    return undefined;
  }
}

function basketOf(content: unknown): { createdBy: string; lines: readonly unknown[] } {
  const basket = Array.isArray(content) ? { lines: content } : content;
  if (
    typeof basket !== "object" ||
    basket === null ||
    !("lines" in basket) ||
    !Array.isArray(basket.lines) ||
    basket.lines.length === 0
  )
    throw new TypeError('expected { "createdBy": ..., "lines": [at least one line] }');
  const createdBy = "createdBy" in basket && typeof basket.createdBy === "string" ? basket.createdBy : "demo";
  return { createdBy, lines: basket.lines };
}

function problemsOf(thrown: unknown): readonly string[] {
  if (!isBuyonceError(thrown, "INVALID_REQUEST")) return [String(thrown)];
  return (thrown.details.problems as readonly { path: string; problem: string }[]).map(
    ({ path, problem }) => `${path}: ${problem}`,
  );
}

/** One measured value with its limit. */
export interface Finding {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: { readonly atMost: number } | { readonly atLeast: number };
}

/** The median of all rounds' ratios. A round times both sides in turns, so that a noisy machine disturbs both alike. */
export async function medianRatio(
  ours: () => unknown,
  reference: () => unknown,
  { rounds = 9, warmUps = 2 }: { readonly rounds?: number; readonly warmUps?: number } = {},
): Promise<number> {
  const ratios: number[] = [];
  for (let round = -warmUps; round < rounds; round += 1) {
    const oursFirst = round % 2 === 0;
    const first = await timed(oursFirst ? ours : reference);
    const second = await timed(oursFirst ? reference : ours);
    if (round >= 0) ratios.push(oursFirst ? first / second : second / first);
  }
  return median(ratios);
}

/** The milliseconds that some work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Whether a finding keeps its limit. */
export const keeps = ({ value, limit }: Finding): boolean =>
  "atMost" in limit ? value <= limit.atMost : value >= limit.atLeast;

/** Prints findings as a table. */
export function print(findings: readonly Finding[]): void {
  for (const finding of findings) {
    const { name, value, unit, limit } = finding;
    const bound = "atMost" in limit ? `at most ${limit.atMost}` : `at least ${limit.atLeast}`;
    console.log(
      `${keeps(finding) ? "ok  " : "OVER"}  ${name.padEnd(70)} ${value.toFixed(2).padStart(8)} ${unit} (${bound})`,
    );
  }
}

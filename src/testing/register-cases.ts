import { setTimeout as sleep } from "node:timers/promises";

/** What a contract suite is tried on, whatever it is. */
interface Subject {
  /** Lets time pass for it. Without it, the tests wait. */
  advance?(ms: number): void | Promise<void>;
  close?(): Promise<void>;
}

/** One case of a contract suite. */
interface Case<Given> {
  readonly name: string;
  run(given: Given): Promise<void>;
}

/** Registers each case as a test on a subject of its own, which is closed after it. `given` says what the case gets. */
export function registerCases<Tried extends Subject, Given>(
  test: (name: string, body: () => Promise<void>) => unknown,
  cases: readonly Case<Given>[],
  create: () => Promise<Tried>,
  given: (subject: Tried, pass: (ms: number) => Promise<void>) => Given,
): void {
  for (const { name, run } of cases) {
    test(name, async () => {
      const subject = await create();
      const pass = async (ms: number) => void (await (subject.advance ? subject.advance(ms) : sleep(ms)));
      try {
        await run(given(subject, pass));
      } finally {
        await subject.close?.();
      }
    });
  }
}

import { describe, expect, test } from "vitest";
import tsconfig from "../../tsconfig.json" with { type: "json" };

/** What a caller without types may pass, by mistake or as the parsed body of a request. */
const NONSENSE: readonly (readonly unknown[])[] = [[], [{}], [5], ["x", {}], [{}, {}], [null]];

/** They start a server, and so are not called with arguments that would do. */
const STARTS = /^(start|embeddedPostgres$)/;

/** It makes a file of whatever name it is given. */
const MAKES_FILES = /^openSqlite$/;

/**
 * What takes no argument of a caller but passes on what the library or a cloud has checked: for authors of providers, and
 * for tests that compare lanes and ledgers.
 */
const UNCHECKED = ["answerOf", "sightingIn", "laneOf", "offeringOf", "assertNoDoublePurchase"];

async function codeOf(call: (...args: unknown[]) => unknown, args: readonly unknown[]): Promise<unknown> {
  try {
    // Whatever a call takes longer for is no check of its arguments.
    const answer = await Promise.race([call(...args), new Promise((resolve) => setTimeout(resolve, 50))]);
    await Reflect.get(Object(answer), "close")?.call(answer);
    return "none";
  } catch (thrown) {
    return Reflect.get(Object(thrown), "code") ?? String(thrown);
  }
}

describe.each(Object.entries(tsconfig.compilerOptions.paths))("%s", async (_specifier, [source = ""]) => {
  const exported: Readonly<Record<string, unknown>> = await import(`../../${source}`);
  const functions = Object.entries(exported).filter(
    ([name, value]) => typeof value === "function" && /^[a-z]/.test(name) && !UNCHECKED.includes(name),
  );

  test.each(functions)("%s refuses what it cannot take with a code", async (name, call) => {
    for (const args of NONSENSE) {
      if (STARTS.test(name) && (args.length === 0 || typeof args[0] === "object")) continue;
      if (MAKES_FILES.test(name) && typeof args[0] === "string") continue;
      expect(await codeOf(call as () => unknown, args), JSON.stringify(args)).toMatch(/^(none|[A-Z][A-Z_]+)$/);
    }
  });
});

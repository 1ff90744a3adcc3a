import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "buyonce-demo-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const demo = (...args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, ["scripts/run-demo.mjs", ...args], { cwd: root }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, output: stdout + stderr }),
    );
  });

async function basketFile(change: (lines: Record<string, unknown>[]) => unknown): Promise<string> {
  const basket = JSON.parse(await readFile(join(root, "examples/basket.json"), "utf8"));
  const file = join(folder, `basket-${Math.random()}.json`);
  await writeFile(file, JSON.stringify({ ...basket, lines: change(basket.lines) }));
  return file;
}

describe("the demo", { timeout: 300_000 }, () => {
  test("buys what is recommended, and ends with every line bought once, through kills, a freeze, a race and lost replies", async () => {
    const { code, output } = await demo();
    expect(output).toMatch(/the clouds recommend 6 commitments/);
    expect(output).toMatch(/bought 6 of 6; collected again, 0 are still recommended/);
    expect(output).toMatch(/^duplicates: 0$/m);
    expect(output).toMatch(/^unexplained: 0$/m);
    expect(output).toMatch(/thawed and sent its old request: refused by the cloud \(RequestExpired x 1\)/);
    expect(output).toMatch(/bare SDK client .* sent 3 times, bought 3 times/);
    expect(output.match(/got SIGKILL/g)).toHaveLength(3);
    expect(code).toBe(0);
  });

  test("refuses a wrong basket line by line before anything starts", async () => {
    const file = await basketFile(([first, second, ...rest]) => [
      { ...first, quantity: 0 },
      { ...second, term: "5yr" },
      ...rest,
    ]);
    const { code, output } = await demo(file);
    expect(code).toBe(1);
    expect(output).toMatch(/lines\[0\]\.quantity: /);
    expect(output).toMatch(/lines\[1\]\.term: /);
    expect(output).not.toMatch(/scene-1/);
  });

  test.each(["{", "[]", '{"lines": 3}'])("refuses %j as a basket", async (content) => {
    const file = join(folder, "broken.json");
    await writeFile(file, content);
    expect(await demo(file)).toMatchObject({ code: 1, output: expect.stringContaining("is refused") });
  });
});

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { loadSdk } from "../../src/providers/load-sdk.js";

const failing = (code: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { code }));

describe("an SDK package", () => {
  test("that is not installed is named", async () => {
    const load = failing("ERR_MODULE_NOT_FOUND", "Cannot find package '@aws-sdk/client-sts' imported from /x");
    await expect(loadSdk("@aws-sdk/client-sts", load)).rejects.toMatchObject({
      code: "DEPENDENCY_MISSING",
      message: expect.stringContaining("@aws-sdk/client-sts"),
    });
  });

  test("that is broken itself fails as it does", async () => {
    const load = failing(
      "ERR_MODULE_NOT_FOUND",
      "Cannot find package '@smithy/core' imported from @aws-sdk/client-sts",
    );
    await expect(loadSdk("@aws-sdk/client-sts", load)).rejects.toMatchObject({ code: "ERR_MODULE_NOT_FOUND" });
  });
});

/** A loader that lets no SDK package be loaded. */
const NO_SDK = `data:text/javascript,${encodeURIComponent(`
  export async function resolve(specifier, context, next) {
    if (specifier.startsWith("@aws-sdk/")) throw new Error("loaded " + specifier);
    return next(specifier, context);
  }
`)}`;

test.each(["services/ec2-reserved-instances", "services/savings-plans", "index"])(
  "importing %s loads no SDK",
  async (name) => {
    const adapter = new URL(`../../src/providers/aws/${name}.ts`, import.meta.url).href;
    const script = `
    import { register } from "node:module";
    register(${JSON.stringify(NO_SDK)});
    const exported = Object.keys(await import(${JSON.stringify(adapter)}));
    const thrown = await import("@aws-sdk/client-sts").catch((error) => error.message);
    console.log(JSON.stringify({ exported: exported.length > 0, thrown }));
  `;
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script]);
    expect(JSON.parse(stdout)).toEqual({ exported: true, thrown: "loaded @aws-sdk/client-sts" });
  },
);

import {
  type AwsSimulatorOptions,
  startAwsSimulator,
  startAwsSimulatorProcess,
  startAzureSimulator,
  startGcpSimulator,
} from "buyonce/simulator";
import { describe, expect, it } from "vitest";
import { clientOptionsFor } from "../../src/simulator/gcp/client-options.js";

const STARTS = {
  startAwsSimulator,
  startAwsSimulatorProcess,
  startAzureSimulator,
  startGcpSimulator,
} as Readonly<Record<string, (options: unknown) => Promise<unknown>>>;

const unknown = (path: string, problem: string) => ({
  code: "INVALID_REQUEST",
  details: { problems: [{ path, problem: expect.stringContaining(problem) }] },
});

describe("the options of a simulator", () => {
  it.each([
    ["startAwsSimulator", "listingLagMS", "listingLagMs"],
    ["startAwsSimulatorProcess", "paymentsPendingMs", "paymentPendingMs"],
    ["startAzureSimulator", "pagesize", "pageSize"],
    ["startGcpSimulator", "operationsMs", "operationMs"],
  ])("of %s do not include %s", async (name, misspelt, meant) => {
    const start = STARTS[name] ?? expect.unreachable();
    await expect(start({ [misspelt]: 1 })).rejects.toMatchObject(
      unknown(`options.${misspelt}`, `did you mean "${meant}"?`),
    );
  });

  it.each(Object.keys(STARTS))("of %s are an object", async (name) => {
    await expect(STARTS[name]?.(null)).rejects.toMatchObject(unknown("options", "must be an object"));
    await expect(STARTS[name]?.("fast")).rejects.toMatchObject(unknown("options", "must be an object"));
  });

  it("include a clock, except in a process of its own", async () => {
    const clock = { now: () => 1_770_000_000_000 };
    const simulator = await startAwsSimulator({ clock });
    await simulator.close();
    const started = startAwsSimulatorProcess({ clock } as AwsSimulatorOptions);
    await expect(started).rejects.toMatchObject(unknown("options.clock", "is not known"));
  });

  it.each(["startAwsSimulator", "startAzureSimulator", "startGcpSimulator"])(
    "of %s include no clock that tells no time",
    async (name) => {
      for (const clock of [5, null, {}, "now"])
        await expect(STARTS[name]?.({ clock })).rejects.toMatchObject(
          unknown("options.clock", "must have the functions now"),
        );
    },
  );

  it("of a client of Google's do not include what nobody reads", () => {
    const choose = () => clientOptionsFor("http://127.0.0.1:1", "my-project-1", { principle: "me" } as object);
    expect(choose).toThrow(expect.objectContaining(unknown("choice.principle", 'did you mean "principal"?')));
  });
});

import { expect, test } from "vitest";
import { type Machine, relationOf, thisMachine } from "../../../src/stores/local/machine.js";

const on = (host: string, boot?: string, pids = "pid:[1]"): Machine =>
  boot === undefined ? { host } : { host, kernel: { boot, pids } };

test.each([
  ["itself", on("a", "1"), on("a", "1"), "same"],
  ["itself under another name", on("a", "1"), on("b", "1"), "same"],
  ["itself after a restart", on("a", "1"), on("a", "2"), "rebooted"],
  ["a container after its host's restart", on("a", "1", "pid:[7]"), on("a", "2", "pid:[8]"), "rebooted"],
  ["another container", on("a", "1", "pid:[7]"), on("b", "1", "pid:[8]"), "another"],
  ["another container of the same name", on("a", "1", "pid:[7]"), on("a", "1", "pid:[8]"), "another"],
  ["another machine, or itself renamed and restarted", on("a", "1"), on("b", "2"), "another"],
  ["a name that is known alone", on("a"), on("a"), "same"],
  ["another name that is known alone", on("a"), on("b"), "another"],
  ["an older record of its name", on("a"), on("a", "1"), "same"],
  ["an older record of another name", on("b"), on("a", "1"), "another"],
] as const)("a machine and %s", (_, a, b, relation) => {
  expect(relationOf(a, b)).toBe(relation);
  expect(relationOf(b, a)).toBe(relation);
});

test("this machine is the same each time it is asked", () => {
  expect(relationOf(thisMachine(), thisMachine())).toBe("same");
});

test.runIf(process.platform === "linux")("Linux tells the boot and the namespace of the pids", () => {
  expect(thisMachine().kernel).toEqual({
    boot: expect.stringMatching(/^[0-9a-f-]{36}$/),
    pids: expect.stringMatching(/^pid:\[\d+\]$/),
  });
});

import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replaceFile } from "../../../src/stores/local/replace-file.js";
import { folderForTest } from "../support/folder-for-test.js";
import { canMount, localModule, onSmallDisk } from "./on-small-disk.js";

test("a file that is replaced has its new content and no draft beside it", async () => {
  const folder = await folderForTest("folder");
  await mkdir(folder);
  for (const content of ["one", "two"]) replaceFile(join(folder, "file"), content);
  expect(await readFile(join(folder, "file"), "utf8")).toBe("two");
  expect(await readdir(folder)).toEqual(["file"]);
});

test("a draft that cannot get its name is removed", async () => {
  const folder = await folderForTest("folder");
  await mkdir(join(folder, "file"), { recursive: true });
  expect(() => replaceFile(join(folder, "file"), "one")).toThrow();
  expect(await readdir(folder)).toEqual(["file"]);
});

test.skipIf(!canMount)("a draft that a full disk does not take is removed", async () => {
  const folder = await folderForTest("folder");
  await mkdir(folder);
  const program = `
    import { readdirSync } from "node:fs";
    import { replaceFile } from ${localModule("replace-file.ts")};
    const folder = ${JSON.stringify(folder)};
    try { replaceFile(folder + "/file", "x".repeat(100_000)); } catch (error) { console.log(error.code); }
    console.log(readdirSync(folder).length);`;
  expect(onSmallDisk(folder, program)).toEqual(["ENOSPC", "0"]);
});

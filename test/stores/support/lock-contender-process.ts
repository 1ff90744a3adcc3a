// Takes the lock of the folder named by its first argument as often as its second one says, and fails where another
// process is inside at the same time.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { tryLockFolder } from "../../../src/stores/local/folder-lock.js";

const [folder = "", times = "0"] = process.argv.slice(2);
const inside = join(folder, "inside");
for (let taken = 0; taken < Number(times); ) {
  const attempt = tryLockFolder(folder, "data");
  if (attempt.kind === "acquired") {
    writeFileSync(inside, String(process.pid), { flag: "wx" });
    await nextTurn();
    rmSync(inside);
    attempt.release();
    taken += 1;
  }
  await nextTurn();
}

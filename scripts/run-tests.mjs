// Runs vitest and ends with one line of counts, "12 passed, 0 failed", taken from vitest's own JSON report.
// Its arguments are passed to vitest: npm test -- test/engine
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The parts of vitest's JSON report that are read here.
 * @typedef {{
 *   numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: { status: string }[] }[]
 * }} Report
 */

/** @param {string[]} args @param {string} reportPath @returns {Promise<number>} */
function runVitest(args, reportPath) {
  const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportPath}`];
  const child = spawn(process.execPath, [vitest, "run", ...reporters, ...args], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
    process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** @param {string} path @returns {Report | undefined} */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * The failures that are not failed tests. Vitest reports none of them as a failed test, and each must fail the run.
 * @param {Report | undefined} report @param {number} exitCode
 */
function failuresOutsideTests(report, exitCode) {
  if (report === undefined) return [`vitest left no report (exit code ${exitCode})`];
  const unloadable = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  if (unloadable.length > 0) return unloadable.map(() => "a test file or one of its hooks failed");
  if (report.numPassedTests + report.numFailedTests === 0) return ["no test ran"];
  if (exitCode !== 0 && report.numFailedTests === 0)
    return [`vitest exited with ${exitCode} though no test failed: an unhandled error, see above`];
  return [];
}

const folder = mkdtempSync(join(tmpdir(), "buyonce-test-report-"));
try {
  const reportPath = join(folder, "report.json");
  const exitCode = await runVitest(process.argv.slice(2), reportPath);
  const report = readReport(reportPath);
  const outside = failuresOutsideTests(report, exitCode);
  for (const reason of outside) console.log(`counted as a failure: ${reason}`);
  const passed = report?.numPassedTests ?? 0;
  const failed = (report?.numFailedTests ?? 0) + outside.length;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  process.exitCode = failed > 0 || exitCode !== 0 ? 1 : 0;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

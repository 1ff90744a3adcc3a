import { cpus, loadavg, totalmem } from "node:os";
import { type Finding, keeps } from "./rounds.js";

/** The page of measured costs: every finding with its limit, and the machine that measured it. */
export function renderPerformance(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => {
    const { name, value, unit, limit } = finding;
    const bound = "atMost" in limit ? `at most ${limit.atMost}` : `at least ${limit.atLeast}`;
    return `| ${name} | ${value.toFixed(2)} ${unit} | ${bound} | ${keeps(finding) ? "kept" : "not kept"} |`;
  });
  return `# Performance

Written by \`npm run bench -- --write\`. Ratios compare two things that were measured in turns in one run, so a slow machine
changes both alike.

Measured on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, load average
${loadavg()
  .map((load) => load.toFixed(1))
  .join(", ")} at the end of the run.

| what | measured | limit | |
|---|---|---|---|
${rows.join("\n")}
`;
}

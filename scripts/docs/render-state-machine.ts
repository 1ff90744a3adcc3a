import { EXECUTION_STATUSES } from "../../src/domain/execution-status.js";
import { LINE_STATES } from "../../src/domain/line-state.js";
import {
  CORRECTIONS,
  isTerminal,
  LINE_TRANSITIONS,
  TRANSITION_MOVERS,
  TRANSITIONS,
} from "../../src/state-machine/transitions.js";
import { readElementComments } from "./read-element-comments.js";

/** The page of statuses and moves: what each status means, who makes which move, and both diagrams. */
export function renderStateMachine(): string {
  const statuses = readElementComments("src/domain/execution-status.ts", "EXECUTION_STATUSES");
  const states = readElementComments("src/domain/line-state.ts", "LINE_STATES");
  return `# Statuses and moves

Generated from \`src/state-machine/transitions.ts\` by \`npm run docs\`. The guard and the property tests use the same file.

## Executions

An end status is never set by hand: \`settle\` derives it from the lines. An ended execution moves only by late evidence
that a commitment exists after all.

${diagram(TRANSITIONS)}

| status | what it means |
|---|---|
${EXECUTION_STATUSES.map((status) => `| \`${status}\`${isTerminal(status) ? " (ended)" : ""} | ${statuses[status] ?? ""} |`).join("\n")}

| from | to | moved by |
|---|---|---|
${EXECUTION_STATUSES.flatMap(moveRows).join("\n")}

## Lines

Evidence of a commitment makes a line \`committed\` from every other state. \`in_doubt --> submitting\` is a resend under the same token. It
happens only if the cloud dedupes it. A line goes back to \`planned\` only if no commitment of it can exist.

A person's own word can be corrected: a line that is ${corrections()} by a person's word. The trail keeps
both values. No other line leaves an end state, except by late evidence.

${diagram(LINE_TRANSITIONS)}

| state | what it means |
|---|---|
${LINE_STATES.map((state) => `| \`${state}\` | ${states[state] ?? ""} |`).join("\n")}
`;
}

const corrections = (): string =>
  Object.entries(CORRECTIONS)
    .map(([from, targets]) => `\`${from}\` may become ${targets.map((to) => `\`${to}\``).join(" or ")}`)
    .join(", and one that is ");

const moveRows = (from: (typeof EXECUTION_STATUSES)[number]): string[] =>
  Object.entries(TRANSITION_MOVERS[from]).map(([to, movers]) => `| \`${from}\` | \`${to}\` | ${movers.join(", ")} |`);

function diagram(moves: Readonly<Record<string, readonly string[]>>): string {
  const arrows = Object.entries(moves).flatMap(([from, targets]) => targets.map((to) => `  ${from} --> ${to}`));
  return ["```mermaid", "stateDiagram-v2", ...arrows, "```"].join("\n");
}

import { ERROR_FACTS } from "../../src/domain/error-facts.js";

const HEAD = `# Errors

Generated from \`src/domain/error-facts.ts\` by \`npm run docs\`. Every error that the library throws on purpose is a \`BuyonceError\`
with one of these codes. Match on \`error.code\`, not on the class or the message. \`INVALID_REQUEST\` stands for every wrong argument and
option. A store throws a \`TypeError\` only for a change that the engine never makes.

\`error.moneyMoved\` describes this one error. It says at least what this page says about the code. It says more if the execution in
\`error.current\` shows more: \`yes\` with a committed line, \`maybe\` with a line that is submitting or in doubt, or that was refused only
by a person's word. \`error.details\` is a frozen copy, and \`error.current\` has no lineage key.

A code whose text begins with "On a line" is never thrown. It stands in the \`lastError\` or the \`rejection\` of a line. Other codes of
this page can stand there too. Codes of a cloud stand there as the cloud spells them.`;

/** The page of error codes, one section each. */
export function renderErrors(): string {
  const sections = Object.entries(ERROR_FACTS).map(([code, facts]) =>
    [
      `## ${code}`,
      facts.when,
      `- \`moneyMoved\` is at least: ${facts.moneyMoved}\n- The same call may succeed later: ${facts.retryable ? "yes" : "no"}`,
      `**What to do:** ${facts.remediation}`,
    ].join("\n\n"),
  );
  return `${HEAD}\n\n${sections.join("\n\n")}\n`;
}

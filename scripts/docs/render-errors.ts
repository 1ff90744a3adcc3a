import { ERROR_FACTS } from "../../src/domain/errors.js";

const HEAD = `# Errors

Generated from \`src/domain/errors.ts\` by \`npm run docs\`. What the library throws on purpose is a \`BuyonceError\` with one of
these codes: match on \`error.code\`, not on the class or the message. Arguments of a wrong type are a \`TypeError\`.`;

/** The page of error codes, one section each. */
export function renderErrors(): string {
  const sections = Object.entries(ERROR_FACTS).map(([code, facts]) =>
    [
      `## ${code}`,
      facts.when,
      `- Money may have moved: ${facts.moneyMoved}\n- The same call may succeed later: ${facts.retryable ? "yes" : "no"}`,
      `**What to do:** ${facts.remediation}`,
    ].join("\n\n"),
  );
  return `${HEAD}\n\n${sections.join("\n\n")}\n`;
}

import { RECOMMENDATION_SABOTAGES } from "../../test/stores/support/sabotaged-recommendation-stores.js";
import { SABOTAGES } from "../../test/stores/support/sabotaged-stores.js";

const HEAD = `# What the store contracts notice

Generated from \`test/stores/support\` by \`npm run docs\`. Each row is a store with one fault, and a case of \`storeContract\` or of
\`recommendationStoreContract\` that fails for this store. \`store-contract-kills.test.ts\` and \`recommendation-store-contract-kills.test.ts\` try
each row. They also check that every case fails for at least one store. The same stores without their faults pass every case.`;

/** The page of faults that the contracts of stores notice, one table for each part of their laws. */
export function renderStoreContract(): string {
  const sections = Object.entries({ ...SABOTAGES, ...RECOMMENDATION_SABOTAGES }).map(([about, sabotages]) => {
    const rows = sabotages.map(({ fault, noticedBy }) => `| ${fault} | ${noticedBy} |`);
    return [`## ${about}`, ["| a store that | fails the case |", "|---|---|", ...rows].join("\n")].join("\n\n");
  });
  return `${HEAD}\n\n${sections.join("\n\n")}\n`;
}

import { SABOTAGES } from "../../test/stores/support/sabotaged-stores.js";

const HEAD = `# What the store contract notices

Generated from \`test/stores/support/sabotaged-stores\` by \`npm run docs\`. Each row is a store with one fault, and a case of
\`storeContract\` that fails for this store. \`test/stores/store-contract-kills.test.ts\` runs all cases over each store. It also checks that
every case fails for at least one store. The same stores without their faults pass every case.`;

/** The page of faults that the store contract notices, one table for each part of the law. */
export function renderStoreContract(): string {
  const sections = Object.entries(SABOTAGES).map(([about, sabotages]) => {
    const rows = sabotages.map(({ fault, noticedBy }) => `| ${fault} | ${noticedBy} |`);
    return [`## ${about}`, ["| a store that | fails the case |", "|---|---|", ...rows].join("\n")].join("\n\n");
  });
  return `${HEAD}\n\n${sections.join("\n\n")}\n`;
}

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { once } from "../../src/domain/once.js";
import { typeErrorsOfEach } from "../support/type-check.js";

/** What a page's snippets take for granted. */
const PAGES = {
  "README.md": "declare const credentialsOf: (account: string) => { accessKeyId: string; secretAccessKey: string };",
  "docs/azure.md": `
    declare const client: import("buyonce/azure").AzureClient;
    declare const subscriptionId: string;
  `,
  "docs/embedding.md": `
    declare const credentialsOf: (account: string) => { accessKeyId: string; secretAccessKey: string };
    declare const mail: { send(text: string): Promise<void> };
    declare const subscriptionId: string;
  `,
  "docs/embedded.md": `
    declare const providers: import("buyonce").CommitmentProvider[];
  `,
  "docs/feed.md": "",
  "docs/guards.md": `
    declare const store: import("buyonce").ExecutionStore;
    declare const providers: import("buyonce").CommitmentProvider[];
    declare const lines: import("buyonce").CommitmentRequest[];
    declare const directory: { rolesOf(id: string): Promise<readonly string[]> };
    interface User { id: string; email: string }
    declare const session: { user: User };
    declare const mail: { send(to: string, text: string): Promise<void> };
    interface Posted { session?: { user?: User }; body: { token: string } }
    interface Answer { send(text: string): void; redirect(to: string): void; status(code: number): Answer }
    declare const app: { post(path: string, handle: (request: Posted, response: Answer) => Promise<void>): void };
  `,
  "docs/postgres.md": `
    declare const db: import("kysely").Kysely<{ orders: { execution_id: string } }>;
    declare const providers: import("buyonce").CommitmentProvider[];
    declare const lines: import("buyonce").CommitmentRequest[];
  `,
  "docs/recommendations.md": `
    declare const pool: import("pg").Pool;
    declare const credentialsOf: (account: string) => { accessKeyId: string; secretAccessKey: string };
    declare const clientFor: () => import("@aws-sdk/client-ec2").EC2Client;
    declare const options: import("buyonce/recommendations").RecommendationsOptions;
    declare const queue: { send(body: string): Promise<void> };
    declare const message: { body: string };
    declare const line: import("buyonce").CommitmentRequest;
  `,
  "docs/sqlite.md": `
    declare const providers: import("buyonce").CommitmentProvider[];
    declare const lines: import("buyonce").CommitmentRequest[];
  `,
  "docs/testing.md": `
    declare const onMessage: (engine: import("buyonce").PurchaseEngine, order: import("buyonce/testing").PurchaseOrder) => Promise<void>;
    declare const engine: import("buyonce").PurchaseEngine;
    declare const cloud: import("buyonce/testing").SimulatedCloud;
    declare const myOrders: { lines: import("buyonce").CommitmentRequest[] }[];
    declare const myRequest: (request: import("buyonce").CommitmentRequest) => unknown;
  `,
} as const;

/** Imports to the top, once each; the rest in the page's order. */
function joined(page: string): string {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), "utf8");
  const lines = [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].flatMap(([, code = ""]) => code.split("\n"));
  const isImport = (line: string) => line.startsWith("import ");
  return [...new Set(lines.filter(isImport)), ...lines.filter((line) => !isImport(line)), "export {};"].join("\n");
}

describe("snippets", { timeout: 120_000 }, () => {
  const pages = Object.entries(PAGES).map(([page, prelude]) => ({ page, code: joined(page), prelude }));
  const errorsOfAll = once(() => typeErrorsOfEach(pages.map(({ code, prelude }) => `${code}\n${prelude}`)));

  test.each(pages.map(({ page, code }, at) => [page, code, at] as const))(
    "of %s type-check against the sources",
    (_, code, at) => {
      expect(code.length).toBeGreaterThan(200);
      expect(errorsOfAll()[at]).toEqual([]);
    },
  );
});

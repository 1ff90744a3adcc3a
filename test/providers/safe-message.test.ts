import { expect, test } from "vitest";
import { safeCause, safeMessage } from "../../src/providers/safe-message.js";
import { TOKEN } from "./aws/simulated-line.js";

test("masks the token wherever it stands", () => {
  expect(safeMessage(new Error(`${TOKEN} and ${TOKEN}`), TOKEN)).toBe(
    `Error: ${TOKEN.slice(0, 8)}... and ${TOKEN.slice(0, 8)}...`,
  );
});

test("shows the first line only: the others may repeat signed headers", () => {
  expect(safeMessage(new Error("does not match\nx-amz-security-token:FQoGZXIvYXdz"), TOKEN)).toBe(
    "Error: does not match",
  );
});

test("leaves out what looks like a credential, and cuts what is long", () => {
  expect(safeMessage(new Error(`token '${"A".repeat(150)}' is bad`), TOKEN)).toBe("Error: token '(redacted)' is bad");
  expect(safeMessage(new Error("word ".repeat(200)), "")).toHaveLength(300);
});

test("says something of what is no error", () => {
  expect(safeMessage("text", "")).toBe("text");
  expect(safeMessage(undefined, "")).toBe("undefined");
});

test("keeps a cause that may be shown and replaces one that may not", () => {
  const harmless = new Error("throttled");
  expect(safeCause(harmless, TOKEN)).toBe(harmless);
  const telling = safeCause(new Error(`token ${TOKEN}`), TOKEN);
  expect(String(telling)).not.toContain(TOKEN);
});

import { describe, expect, test } from "vitest";
import { maskToken } from "../../src/idempotency/mask-token.js";
import { idempotencyGuid, reservationId, uuidV4Shaped } from "../../src/idempotency/token-formats.js";
import { attemptToken } from "../../src/providers/attempt-token.js";
import { safeCause, safeMessage } from "../../src/providers/safe-message.js";
import { HOSTILE } from "../domain/hostile-values.js";
import { TOKEN } from "./aws/simulated-line.js";

const MASKED = maskToken(TOKEN);
const OF_RETRY = attemptToken(TOKEN, { lineageAttempt: 7 });

describe("safeMessage", () => {
  test("masks the token wherever it stands", () => {
    expect(safeMessage(new Error(`${TOKEN} and ${TOKEN}`), TOKEN)).toBe(`Error: ${MASKED} and ${MASKED}`);
  });

  test.each([
    ["a name", reservationId("buyonce-", TOKEN), `buyonce-${MASKED}`],
    ["a name in capitals", reservationId("buyonce-", TOKEN).toUpperCase(), `BUYONCE-${MASKED}`],
    ["a GUID", idempotencyGuid(TOKEN), MASKED],
    ["a request id", uuidV4Shaped(TOKEN), MASKED],
    ["the client token of a retry", OF_RETRY, maskToken(OF_RETRY)],
    ["the request id of a retry", uuidV4Shaped(OF_RETRY), maskToken(OF_RETRY)],
  ])("masks %s that is made of it", (_, form, shown) => {
    expect(safeMessage(new Error(`${form} is taken`), TOKEN)).toBe(`Error: ${shown} is taken`);
  });

  test.each([260, 270, 280, 290])("masks a token that the cut at 300 characters would split, at %i", (at) => {
    const text = `${"word ".repeat(at / 5)}${TOKEN}`;
    expect(safeMessage(text, TOKEN)).not.toContain(TOKEN.slice(0, 9));
  });

  test("shows the first line only: the others may repeat signed headers", () => {
    for (const end of ["\n", "\r\n", "\r", "\u2028"])
      expect(safeMessage(new Error(`does not match${end}x-amz-security-token:FQoGZXIvYXdz`), TOKEN)).toBe(
        "Error: does not match",
      );
    expect(safeMessage("\nx-amz-security-token:FQoGZXIvYXdz", TOKEN)).toBe("(no message)");
  });

  test("leaves out what looks like a credential, and cuts what is long", () => {
    expect(safeMessage(new Error(`token '${"A".repeat(150)}' is bad`), TOKEN)).toBe("Error: token '(redacted)' is bad");
    expect(safeMessage(new Error("word ".repeat(200)), "")).toHaveLength(300);
  });

  test("is a text that every store takes: no control characters, no half of a character", () => {
    expect(safeMessage("a\0b\u001b[31mc\u0085d", TOKEN)).toBe("a b [31mc d");
    expect(safeMessage(`${"word ".repeat(59)}abcd\u{1f4b0}`, TOKEN).isWellFormed()).toBe(true);
    expect(safeMessage("half \ud83d", TOKEN)).toBe("half \ufffd");
  });

  test("says something of what is no error", () => {
    expect(safeMessage("text", "")).toBe("text");
    expect(safeMessage(undefined, "")).toBe("undefined");
    expect(safeMessage({ message: "denied" }, "")).toBe("Error: denied");
  });

  test.each(HOSTILE)("gives a reason for %s", (_, thrown) => {
    const said = safeMessage(thrown, TOKEN);
    expect(said.trim()).not.toBe("");
    expect(said.length).toBeLessThanOrEqual(300);
  });
});

describe("safeCause", () => {
  test("keeps a cause that may be shown, and replaces one that may not", () => {
    const harmless = new Error("throttled", { cause: new Error("ECONNRESET") });
    expect(safeCause(harmless, TOKEN)).toBe(harmless);
    for (const telling of [TOKEN, uuidV4Shaped(TOKEN), OF_RETRY])
      expect(String(safeCause(new Error(`token ${telling}`), TOKEN))).not.toContain(telling);
  });

  test("replaces one whose own causes may not be shown, and one whose causes never end", () => {
    const telling = new Error("fetch failed", { cause: new Error("closed", { cause: new Error(`for ${TOKEN}`) }) });
    expect(safeCause(telling, TOKEN)).toEqual(new Error("Error: fetch failed"));
    const endless = new Error("again");
    endless.cause = endless;
    expect(safeCause(endless, TOKEN)).not.toBe(endless);
  });

  test.each(HOSTILE)("gives an error for %s", (_, thrown) => {
    expect(safeCause(thrown, TOKEN)).toBeInstanceOf(Error);
  });
});

import { expect, test } from "vitest";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import { scrubToken } from "../../src/idempotency/scrub-token.js";
import { commitmentName, idempotencyGuid, uuidV4Shaped } from "../../src/idempotency/token-formats.js";

const token = deriveIdempotencyToken("exec-123", 0);

test.each([
  ["itself", token],
  ["itself in upper case", token.toUpperCase()],
  ["its GUID", idempotencyGuid(token)],
  ["its version-4 UUID", uuidV4Shaped(token)],
  ["a name made of it", commitmentName("cud-", token)],
])("scrubToken leaves no more than 8 characters of a token that occurs as %s", (_, form) => {
  const scrubbed = scrubToken({ message: `name ${form} is taken`, deep: [{ form }], count: 2, none: null }, token);
  expect(JSON.stringify(scrubbed)).not.toContain(form.slice(0, 20));
  expect(scrubbed).toMatchObject({ message: expect.stringContaining(`${token.slice(0, 8)}...`), count: 2, none: null });
});

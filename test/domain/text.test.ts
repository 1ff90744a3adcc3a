import { describe, expect, test } from "vitest";
import { nonBlankSchema, textSchema } from "../../src/domain/text.js";

const BLANK = [
  "",
  " ",
  "\u00a0",
  "\u2003",
  "\u3000",
  "\ufeff",
  "\u200b",
  "\u2060\u200d",
  "\u00ad",
  "\u200e \u200f",
  "\ufe0f",
];
const VISIBLE = ["a", " a ", "0", "-", "\u{1f4b0}", "\u202eabc", "e\u0301", "\u200bann", "実行"];
const UNSTORABLE = ["\0", "a\0b", "a\nb", "\u001b[31m", "\u0085", "\ud800", "a\udfff"];

describe("a text that names somebody or something", () => {
  test.each(BLANK)("is none where nothing of it can be seen: %j", (text) => {
    expect(nonBlankSchema().safeParse(text).success).toBe(false);
    expect(textSchema().safeParse(text).success).toBe(true);
  });

  test.each(VISIBLE)("is kept as it is: %j", (text) => {
    expect(nonBlankSchema().parse(text)).toBe(text);
  });

  test.each(UNSTORABLE)("is none where a store cannot keep it: %j", (text) => {
    expect(nonBlankSchema().safeParse(text).success).toBe(false);
    expect(textSchema().safeParse(text).success).toBe(false);
  });
});

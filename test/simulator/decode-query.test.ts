import { expect, it } from "vitest";
import { decodeQuery } from "../../src/simulator/aws/protocol/decode-query.js";

it("keeps plain parameters as text", () => {
  expect(decodeQuery("Action=Do&Count=2&Note=a%20b%2Bc&Empty=")).toEqual({
    Action: "Do",
    Count: "2",
    Note: "a b+c",
    Empty: "",
  });
});

it("makes lists of numbered members, in the order of their numbers", () => {
  expect(decodeQuery("Id.10=c&Id.2=b&Id.1=a")).toEqual({ Id: ["a", "b", "c"] });
});

it("makes structures of named members, at any depth", () => {
  expect(decodeQuery("Filter.1.Name=state&Filter.1.Value.1=a&Filter.1.Value.2=b&Tags.Tag.1.Key=k")).toEqual({
    Filter: [{ Name: "state", Value: ["a", "b"] }],
    Tags: { Tag: [{ Key: "k" }] },
  });
});

it("takes no parameter for a part of an object's own machinery", () => {
  decodeQuery("__proto__.polluted=yes&constructor.prototype.polluted=yes");
  expect(Reflect.get({}, "polluted")).toBeUndefined();
});

import { describe, expect, it } from "vitest";
import { parseFilter } from "../../../src/simulator/gcp/filter.js";

const FIELDS = new Set(["name", "status", "count", "on", "tags", "owner.team"]);
const ROW = { name: "cud-a", status: "ACTIVE", count: 3, on: true, tags: ["x/1", "y/2"], owner: { team: "core" } };

describe("a filter", () => {
  it.each([
    ["name = cud-a", true],
    ["name=cud-a", true],
    ['name = "cud-a"', true],
    ["name = 'cud-b'", false],
    ["name != cud-b", true],
    ["name != cud-a", false],
    ["count = 3", true],
    ["on = true", true],
    ["owner.team = core", true],
    ["tags : x/1", true],
    ["tags : x", true],
    ["tags : z", false],
    ["tags : *", true],
    ["name eq cud-.", true],
    ["name eq cud", false],
    ["name eq 'a|cud-a'", true],
    ["name ne cud-.", false],
    ["name ne .*-b", true],
    ["name = cud-a AND status = ACTIVE", true],
    ["name = cud-a status = EXPIRED", false],
    ["(name = cud-a) (status = ACTIVE)", true],
    ["name = cud-b OR status = ACTIVE", true],
    ["name = cud-b OR status = EXPIRED", false],
    // OR binds tighter than AND.
    ["name = cud-b AND name = cud-a OR status = ACTIVE", false],
    ["(name = cud-b AND name = cud-a) OR status = ACTIVE", true],
    ['name = "OR" OR name = "a \\"quoted\\" name"', false],
    ["  name = cud-a  ", true],
  ])("%s lets the row pass: %s", (text, passes) => {
    expect(parseFilter(text, FIELDS)?.(ROW)).toBe(passes);
  });

  it("finds nothing in a field that the row does not have", () => {
    expect(parseFilter("owner.team = core", FIELDS)?.({})).toBe(false);
    expect(parseFilter("tags : *", FIELDS)?.({})).toBe(false);
    expect(parseFilter("owner.team != core", FIELDS)?.({})).toBe(true);
  });

  it("knows a field by its name with underscores as well", () => {
    const filter = parseFilter("state_info.state = A", new Set(["stateInfo.state"]));
    expect(filter?.({ stateInfo: { state: "A" } })).toBe(true);
  });

  it.each([
    "",
    "name",
    "name =",
    "= cud-a",
    "name cud-a",
    "name > cud-a",
    "unknown = 1",
    "name = cud-a AND",
    "name = cud-a OR",
    "(name = cud-a",
    "name = cud-a)",
    'name = "cud-a',
    "name eq '('",
  ])("%j is none", (text) => {
    expect(parseFilter(text, FIELDS)).toBeUndefined();
  });
});

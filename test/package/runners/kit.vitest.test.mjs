import { test } from "vitest";
import { kitCases } from "./kit-cases.mjs";

kitCases(test);

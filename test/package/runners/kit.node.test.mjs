import { test } from "node:test";
import { kitCases } from "./kit-cases.mjs";

kitCases(test);

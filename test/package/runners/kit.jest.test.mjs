import { kitCases } from "./kit-cases.mjs";

// jest hands out `test` as a global.
kitCases(Reflect.get(globalThis, "test"));

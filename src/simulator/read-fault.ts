import { checked } from "../domain/checked.js";
import { type InputProblem, invalidArgument, invalidRequest } from "../domain/input-problem.js";
import { didYouMean } from "../domain/options.js";
import { deliveryFaultSchema, EFFECT_KINDS, type Fault, faultSchema } from "./fault.js";

/** Every kind of fault there is, those of delivery first. */
const KINDS: readonly string[] = [
  ...deliveryFaultSchema.def.options.flatMap(({ shape }) => [...shape.kind.def.values]),
  ...EFFECT_KINDS,
];

/** The fault that a value is. Throws `INVALID_REQUEST` for what is none, and lists the kinds if the kind is wrong. */
export function readFault(value: unknown): Fault {
  const kind: unknown = Reflect.get(Object(value), "kind");
  if (typeof kind !== "string" || !KINDS.includes(kind)) throw unknownKind(kind);
  const parsed = checked(faultSchema, value);
  if (!parsed.success) throw invalidRequest(parsed.error.issues.map(problemOf));
  return parsed.data;
}

function unknownKind(kind: unknown) {
  const found = kind === undefined ? "is missing" : `is ${JSON.stringify(kind)}`;
  const listed = KINDS.map((one) => `"${one}"`).join(", ");
  const hint = typeof kind === "string" ? didYouMean(kind, KINDS) : "";
  return invalidArgument("fault.kind", `${found}; must be one of ${listed}${hint}`);
}

const problemOf = ({ path, message }: { path: readonly PropertyKey[]; message: string }): InputProblem => ({
  path: ["fault", ...path.map(String)].join("."),
  problem: message,
});

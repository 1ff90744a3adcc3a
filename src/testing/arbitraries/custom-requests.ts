import type { CustomRequest } from "../../domain/commitment-request/custom.js";
import type { Arbitrary, FastCheck } from "../fast-check.js";
import { commonFields, merged, toleranceArbitrary } from "./common-fields.js";
import { textArbitrary } from "./texts.js";

/** Requests of custom services: of any name, or all of one given name. */
export function customRequest(
  fc: FastCheck,
  service: Arbitrary<CustomRequest["service"]> = anyService(fc),
): Arbitrary<CustomRequest> {
  const text = textArbitrary(fc);
  const name = text.filter((one) => one === one.trim() && one !== "");
  const fields = fc.record({
    service,
    ...commonFields(fc),
    account: name,
    region: name,
    offering: fc.dictionary(
      text.filter((key) => key !== "__proto__"),
      fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
      { maxKeys: 4, noNullPrototype: true },
    ),
  });
  return merged(fc, fields, toleranceArbitrary(fc));
}

const anyService = (fc: FastCheck): Arbitrary<CustomRequest["service"]> =>
  fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,60}$/).map((name) => `custom.${name}` as const);

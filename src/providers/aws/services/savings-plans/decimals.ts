import Big from "big.js";

/** Whether two decimal strings are the same number; AWS answers "0.50000000" for a commitment of "0.5". */
export const sameDecimal = (a: string, b: string | undefined): boolean => {
  const other = decimal(b);
  return other !== undefined && new Big(a).eq(other);
};

/** A decimal string without trailing zeros, or `undefined` for a text that is no decimal. */
export function plainDecimal(text: string | undefined): string | undefined {
  return decimal(text)?.toFixed();
}

function decimal(text: string | undefined): Big | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? new Big(text) : undefined;
}

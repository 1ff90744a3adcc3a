/** The id of the `number`-th purchase, as text that sorts in the order of the purchases. */
export function purchaseIdOf(number: number): string {
  return `purchase-${String(number).padStart(6, "0")}`;
}

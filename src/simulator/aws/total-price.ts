/** What `count` cost at once at this price for each, as a decimal text: counted in cents, so that nothing is rounded. */
export function totalPrice(fixedPrice: number, count: number): string {
  return ((Math.round(fixedPrice * 100) * count) / 100).toFixed(2);
}

/** The utilization of a commitment that nothing uses. `trend` differs between reservations and savings plans. */
export function unusedUtilization(trend: string): object {
  return { trend, aggregates: [1, 7, 30].map(unused) };
}

function unused(grain: number): object {
  return { grain, grainUnit: "days", value: 0, valueUnit: "percentage" };
}

/**
 * The message with which AWS refuses a request that is signed for another region than it was sent to.
 *
 * Source: "Troubleshoot signed requests for AWS APIs" in the IAM User Guide. The simulator has one address for all
 * regions, so only a region that does not exist is refused. AWS itself has no address for such a region.
 */
export const unknownRegionText = (region: string): string =>
  `Credential should be scoped to a valid region, not '${region}'. `;

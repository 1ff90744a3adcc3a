/**
 * Whether a name is that of a zone in a region, by its form: `us-west-2a`, or `us-west-2-lax-1a` for a Local Zone, or
 * `us-east-1-wl1-bos-wlz-1` for a Wavelength Zone. Which zones there are, and what is sold there, AWS judges.
 */
export const isZoneOf = (region: string, zone: string): boolean =>
  zone.startsWith(region) && /^([a-z]|(-[a-z0-9]+)+)$/.test(zone.slice(region.length));

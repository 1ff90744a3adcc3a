import type { Call } from "./history.js";
import type { Timeline } from "./replay.js";
import type { Violation } from "./violation.js";

/** What a call shows of an execution without changing it. */
export interface Sighting {
  readonly executionId: string;
  readonly call: Call;
  /** The versions that its answer fits, ascending; an answer that shows the version itself fits one. */
  readonly versions: readonly number[];
  /** What the answer says of the execution. */
  readonly says: string;
}

/** In which stretch of the monotonic clock a version was the present one. */
export interface Span {
  /** It was made before any of these returned, and cannot have been before the last of them was invoked. */
  readonly notBefore: number;
  readonly surelyFrom: number;
  readonly surelyTo: number;
  readonly notAfter: number;
}

/**
 * Checks that the calls on one execution can be put in one order that agrees with their versions and with time.
 *
 * This is Wing and Gong's search for a linearization, made cheap by the versions: the changes come in the order of
 * their numbers and whatever showed a version comes right after the change that made it, so there is nothing to search.
 * The order exists unless a call that comes later in it returned before an earlier one was invoked. Refusals fit
 * several versions; going through them in the order of time, the earliest version left is always the best choice.
 */
export function checkOrder(timeline: Timeline, sightings: readonly Sighting[]): readonly Violation[] {
  const fixed = sightings.filter(({ versions }) => versions.length === 1);
  const loose = sightings.filter(({ versions }) => versions.length !== 1);
  const broken = brokenOrder(timeline, fixed);
  return broken ? [broken] : placeLoose(timeline, spansOf(timeline, fixed), loose);
}

const returnedUs = ({ returned }: Call): number => returned?.at.us ?? Number.POSITIVE_INFINITY;

/** The changes and what was seen of them, in the one order that the versions allow. */
function inOrder(timeline: Timeline, fixed: readonly Sighting[]): readonly { version: number; call: Call }[] {
  const made = timeline.versions.flatMap((one, version) => (one ? [{ version: version - 0.5, call: one.call }] : []));
  const seen = fixed.flatMap(({ versions, call }) => versions.map((version) => ({ version, call })));
  return [...made, ...seen].sort((a, b) => a.version - b.version);
}

function brokenOrder(timeline: Timeline, fixed: readonly Sighting[]): Violation | undefined {
  let latest: { version: number; call: Call } | undefined;
  let group: { version: number; call: Call }[] = [];
  for (const one of inOrder(timeline, fixed)) {
    // Those that saw the same version may come in any order among themselves.
    if (group[0]?.version !== one.version) {
      for (const member of group) if (!latest || latest.call.invoked.us < member.call.invoked.us) latest = member;
      group = [];
    }
    group.push(one);
    if (latest && returnedUs(one.call) < latest.call.invoked.us) return reversed(timeline, latest, one);
  }
  return undefined;
}

function reversed(
  { executionId }: Timeline,
  earlier: { version: number; call: Call },
  later: { version: number; call: Call },
): Violation {
  const told = ({ version, call }: { version: number; call: Call }) =>
    Number.isInteger(version) ? `${call.id} saw version ${version}` : `${call.id} made version ${version + 0.5}`;
  const because = `of ${executionId}, ${told(earlier)}, and was invoked after ${later.call.id} had returned; ${told(later)}`;
  return { rule: "real-time order", because, calls: [earlier.call, later.call] };
}

/** When each version was the present one, as far as the calls tell. */
export function spansOf(timeline: Timeline, fixed: readonly Sighting[]): readonly Span[] {
  const order = inOrder(timeline, fixed);
  const count = timeline.versions.length;
  const invoked = Array.from({ length: count + 1 }, () => Number.NEGATIVE_INFINITY);
  const returned = Array.from({ length: count + 1 }, () => Number.POSITIVE_INFINITY);
  for (const { version, call } of order) {
    // What saw a version was invoked before the next one was made, and returned after this one was.
    const next = Math.floor(version) + 1;
    const own = Math.ceil(version);
    invoked[next] = Math.max(invoked[next] ?? 0, call.invoked.us);
    returned[own] = Math.min(returned[own] ?? 0, returnedUs(call));
  }
  for (let version = 1; version <= count; version += 1)
    invoked[version] = Math.max(invoked[version] ?? 0, invoked[version - 1] ?? 0);
  for (let version = count - 1; version >= 0; version -= 1)
    returned[version] = Math.min(returned[version] ?? 0, returned[version + 1] ?? 0);
  return timeline.versions.map((_, version) => ({
    notBefore: invoked[version] ?? 0,
    surelyFrom: version === 0 ? Number.NEGATIVE_INFINITY : (returned[version] ?? 0),
    surelyTo: version === count - 1 ? Number.POSITIVE_INFINITY : (invoked[version + 1] ?? 0),
    notAfter: returned[version + 1] ?? 0,
  }));
}

interface Placed {
  readonly sighting: Sighting;
  readonly version: number;
}

function placeLoose(timeline: Timeline, spans: readonly Span[], loose: readonly Sighting[]): readonly Violation[] {
  const placed: Placed[] = [];
  for (const sighting of [...loose].sort((a, b) => a.call.invoked.us - b.call.invoked.us)) {
    const { invoked } = sighting.call;
    const before = placed.filter(({ sighting: { call } }) => returnedUs(call) < invoked.us);
    const least = Math.max(0, ...before.map(({ version }) => version));
    const version = sighting.versions.find((one) => one >= least && wasPresent(spans[one], sighting.call));
    if (version === undefined) return [unjustified(timeline, spans, sighting, before)];
    placed.push({ sighting, version });
  }
  return [];
}

const wasPresent = (span: Span | undefined, call: Call): boolean =>
  span !== undefined && span.notBefore <= returnedUs(call) && call.invoked.us <= span.notAfter;

function unjustified(
  { executionId, versions }: Timeline,
  spans: readonly Span[],
  { call, says, versions: fits }: Sighting,
  before: readonly Placed[],
): Violation {
  const present = spans.flatMap((span, version) => (wasPresent(span, call) ? [version] : []));
  const makers = present.flatMap((version) => versions[version]?.call ?? []);
  const others = before
    .filter(({ version }) => present.some((one) => one < version))
    .map(({ sighting }) => sighting.call);
  const because = `${call.id} says that ${executionId} ${says}, which fits versions ${fits.join(", ") || "none"}; during the call it was at ${present.join(", ")}`;
  return { rule: "justified refusals", because, calls: [call, ...makers.slice(0, 4), ...others.slice(-1)] };
}

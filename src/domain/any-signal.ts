/**
 * The signals that a joint signal comes from. Node 20 holds them weakly there: a time limit that nobody else holds would
 * be collected as garbage, and never end anything (measured on 20.20).
 */
const sourcesOf = new WeakMap<AbortSignal, readonly AbortSignal[]>();

/** A signal that aborts as soon as one of these does. As long as it is held, so are they. */
export function anySignal(signals: readonly AbortSignal[]): AbortSignal {
  const joint = AbortSignal.any([...signals]);
  sourcesOf.set(joint, signals);
  return joint;
}

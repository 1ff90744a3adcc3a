/** A recommendation, as far as its state goes. */
interface Stateful {
  readonly stateInfo?: { readonly state?: string | number | null | undefined } | null | undefined;
}

// The REST client gives states as text, the gRPC one as text or number.
const STATES: Readonly<Record<string, string>> = {
  1: "ACTIVE",
  3: "SUCCEEDED",
  4: "FAILED",
  5: "DISMISSED",
  6: "CLAIMED",
};

/** The states that the API documents (`@google-cloud/recommender` 7.2). */
export const KNOWN_STATES: ReadonlySet<string> = new Set(Object.values(STATES));

/** The state of a recommendation by its name, whether it came as that or as a number. */
export const stateOf = ({ stateInfo }: Stateful): string =>
  STATES[String(stateInfo?.state)] ?? String(stateInfo?.state ?? "STATE_UNSPECIFIED");

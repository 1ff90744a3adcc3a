import { parseCommitmentRequests } from "../../src/domain/commitment-request/commitment-request.js";
import { BuyonceError } from "../../src/domain/errors.js";
import { PURCHASE_CALLERS, type SourceFile } from "../architecture/import-rules.js";

/** One function that a cloud's index exports, and what it makes. */
export interface ExportedAdapter {
  readonly name: string;
  readonly cloud: string;
  /** Where it is defined, such as `src/providers/aws/services/savings-plans.ts`. */
  readonly file: string;
  /** What a call of it gave: a provider, if it is an adapter. */
  readonly made: unknown;
}

/** Everything that an adapter must stand in to be whole. */
export interface Registry {
  readonly files: readonly SourceFile[];
  /** The text of docs/guarantees.md. */
  readonly guarantees: string;
  /** The services that the contract suite runs on. */
  readonly suiteServices: ReadonlySet<string>;
  /** The source file of every subpath of the package, by subpath. */
  readonly subpaths: Readonly<Record<string, string>>;
}

/**
 * What each cloud's adapters go through on their way to the wire, and whether importing one of them would load the SDK of
 * another, so that each needs a subpath of its own.
 */
const CLOUDS: Readonly<Record<string, { readonly mapping: string; readonly sharesSubpath: boolean }>> = {
  aws: { mapping: "src/providers/aws/purchase-by-command.ts", sharesSubpath: false },
  azure: { mapping: "src/providers/azure/purchase-by-call.ts", sharesSubpath: true },
  gcp: { mapping: "src/providers/gcp/gcp-outcome.ts", sharesSubpath: true },
};

type Gate = (adapter: ExportedAdapter, registry: Registry) => boolean;

const GATES = {
  "makes no provider": ({ made }) => providerIn(made) === undefined,
  "declares no valid contract": ({ made }) => !hasValidContract(providerIn(made)),
  "is of no service that a line can name": ({ made }) => !isKnownService(providerIn(made)?.service),
  "is called elsewhere than in purchase-once.ts": (_, { files }) =>
    files.some(({ path, uses }) => !PURCHASE_CALLERS.includes(path) && uses.includes("purchase call")),
  "is not named in docs/guarantees.md": ({ made }, { guarantees }) =>
    !guarantees.includes(`\`${providerIn(made)?.service}\``),
  "has no fixture of the contract suite": ({ made }, { suiteServices }) =>
    !suiteServices.has(String(providerIn(made)?.service)),
  "does not go through its cloud's outcome mapping": ({ file, cloud }, { files }) =>
    !reaches(file, CLOUDS[cloud]?.mapping, files),
  "has no subpath of its own": ({ file, cloud }, { subpaths }) => !hasSubpath({ file, cloud }, subpaths),
} as const satisfies Readonly<Record<string, Gate>>;

/** What can be missing of an adapter. */
export type Missing = keyof typeof GATES;

/** Every gate, in order. */
export const GATE_NAMES = Object.keys(GATES) as readonly Missing[];

/** What is missing of an adapter; nothing where it is whole. */
export const missingOf = (adapter: ExportedAdapter, registry: Registry): readonly Missing[] =>
  GATE_NAMES.filter((name) => GATES[name](adapter, registry));

interface LooseProvider {
  readonly service: unknown;
  readonly idempotency: Readonly<Record<string, unknown>>;
  readonly inventory?: unknown;
}

function providerIn(made: unknown): LooseProvider | undefined {
  if (typeof made !== "object" || made === null) return undefined;
  const hasAll = ["lookup", "prepare", "purchase"].every((name) => typeof Reflect.get(made, name) === "function");
  return hasAll && "service" in made && "idempotency" in made ? (made as LooseProvider) : undefined;
}

const KINDS = ["native-token", "caller-named", "server-minted", "none"];

function hasValidContract(provider: LooseProvider | undefined): boolean {
  const { kind, windowMs, maxRequestLifetimeMs, visibilityLagMs, clockSkewMs } = provider?.idempotency ?? {};
  if (!KINDS.includes(String(kind))) return false;
  if (![maxRequestLifetimeMs, visibilityLagMs, clockSkewMs].every(isDuration) || maxRequestLifetimeMs === 0)
    return false;
  if (kind === "none") return windowMs === 0 && typeof provider?.inventory === "function";
  return windowMs === null || isDuration(windowMs);
}

const isDuration = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value) && value >= 0;

/** Whether requests know the service: a line of it alone is then refused for its fields, not for its service. */
function isKnownService(service: unknown): boolean {
  try {
    parseCommitmentRequests([{ service }]);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof BuyonceError) || thrown.code !== "INVALID_REQUEST") return false;
    return !JSON.stringify(thrown.details["problems"]).includes("lines[0].service");
  }
}

/** Whether a file runs another one: imported types run nothing. */
function reaches(
  from: string,
  to: string | undefined,
  files: readonly SourceFile[],
  passed = new Set<string>(),
): boolean {
  if (to === undefined || passed.has(from)) return false;
  if (from === to) return true;
  passed.add(from);
  const imports = files.find(({ path }) => path === from)?.imports ?? [];
  return imports.some(({ kind, target }) => kind !== "type" && reaches(target, to, files, passed));
}

function hasSubpath({ file, cloud }: Pick<ExportedAdapter, "file" | "cloud">, subpaths: Registry["subpaths"]): boolean {
  if (CLOUDS[cloud]?.sharesSubpath) return subpaths[`./${cloud}`] === `src/providers/${cloud}/index.ts`;
  return Object.entries(subpaths).some(([subpath, source]) => subpath.startsWith(`./${cloud}/`) && source === file);
}

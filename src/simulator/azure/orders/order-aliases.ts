import { listedAsOf } from "../../call-effects.js";
import { SimulatedError } from "../../simulated-error.js";
import { type AzureAnswer, type AzureCall, idOf } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import { unknownRead } from "../unknown-read.js";
import type { RunningOperation } from "./operation-results.js";
import { failureOf } from "./order-course.js";

/** An order under a name that the buyer chose. It says `Created` for ever, whatever becomes of the order. */
interface Alias {
  readonly createdAt: number;
  readonly operation: RunningOperation;
  readonly body: object;
}

/** One kind of alias. */
export interface AliasKind {
  /** The last but one segment of its path, which is also the last of its type. */
  readonly type: "reservationOrderAliases" | "savingsPlanOrderAliases";
  /** What its name is called in the path. */
  readonly nameId: string;
  /** How the first PUT of a name is answered. */
  readonly firstAnswer: 200 | 201;
}

/** What a PUT of a new name does: it places the order and says what the alias is to show beside its name. */
export type PlaceUnderAlias = (name: string) => object;

const NAME = /^[a-zA-Z0-9_.-]+$/;

/** All aliases of one kind. Their names are never freed, and case does not matter in them. */
export class OrderAliases {
  readonly #aliases = new Map<string, Alias>();
  readonly #world: AzureWorld;
  readonly #kind: AliasKind;

  constructor(world: AzureWorld, kind: AliasKind) {
    this.#world = world;
    this.#kind = kind;
  }

  /**
   * Answers a PUT that has passed its checks. `place` buys, at most once for a name unless the settings say otherwise.
   */
  put(call: AzureCall, place: PlaceUnderAlias): AzureAnswer {
    const name = this.#name(call);
    const existing = this.#aliases.get(name.toLowerCase());
    if (existing !== undefined && this.#world.settings.repeatedAlias !== "second-order") {
      return this.#answerRepeated(existing, call);
    }
    const alias = this.#create(name, call, place);
    this.#aliases.set(name.toLowerCase(), alias);
    return this.#answer(alias, this.#kind.firstAnswer, call);
  }

  /** Answers a GET. */
  get(call: AzureCall): AzureAnswer {
    const name = this.#name(call);
    const alias = this.#aliases.get(name.toLowerCase());
    const foundFrom = (alias?.createdAt ?? Number.POSITIVE_INFINITY) + this.#world.settings.getLagMs;
    if (alias !== undefined && foundFrom <= listedAsOf(call)) return { status: 200, body: this.#shown(alias) };
    const type = `Microsoft.BillingBenefits/${this.#kind.type}`;
    const path = `/providers/${type}/${name}`;
    const absent = new SimulatedError("ResourceNotFound", 404, `The resource '${path}' was not found.`);
    throw unknownRead({ right: `${type}/read`, path, absent }, this.#world);
  }

  #name(call: AzureCall): string {
    const name = idOf(call, this.#kind.nameId);
    if (NAME.test(name)) return name;
    throw new SimulatedError("BadRequest", 400, `The name '${name}' does not match the pattern '${NAME.source}'.`);
  }

  #create(name: string, call: AzureCall, place: PlaceUnderAlias): Alias {
    const type = `Microsoft.BillingBenefits/${this.#kind.type}`;
    const body = { id: `/providers/${type}/${name}`, name, type, ...place(name) };
    return { createdAt: call.now, operation: this.#world.operations.start(call.now, failureOf(call)), body };
  }

  #answerRepeated(alias: Alias, call: AzureCall): AzureAnswer {
    const { repeatedAlias } = this.#world.settings;
    if (repeatedAlias === "return-alias") return { status: 200, body: this.#shown(alias) };
    if (repeatedAlias === "accept-again") return this.#answer(alias, 201, call);
    throw new SimulatedError("Conflict", 409, `An alias with the name '${this.#name(call)}' already exists.`);
  }

  #shown({ body }: Alias): object {
    return this.#world.settings.aliasAnswers === "as-specified" ? asSpecified(body) : body;
  }

  #answer({ operation, body }: Alias, status: number, call: AzureCall): AzureAnswer {
    return { status, headers: this.#world.operations.headersFor(operation, call), body };
  }
}

/** An alias as the 200 of a PUT in the specification: no location, and nothing that is not set. */
function asSpecified(alias: object): object {
  const { location: _location, properties, ...members } = alias as Readonly<Record<string, unknown>>;
  const set = Object.entries(properties as object).filter(([, value]) => value !== null);
  return { ...members, properties: Object.fromEntries(set) };
}

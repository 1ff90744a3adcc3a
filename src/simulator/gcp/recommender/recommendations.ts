import { isDeepStrictEqual } from "node:util";
import * as z from "zod/mini";
import { deterministicId } from "../../deterministic-id.js";
import type { GcpWorld } from "../gcp-world.js";
import { type CommitmentRecommendation, parseRecommendation } from "./commitment-recommendation.js";
import { COMMITMENT_RECOMMENDER, type Recommendation, type RecommendationState } from "./recommendation.js";
import { seededRecommendations } from "./seeded-recommendations.js";
import { parseUsage, type ResourceUsage } from "./usage.js";
import { type Lack, lacksOf } from "./usage-recommendations.js";

const NAME = /^projects\/([^/]+)\/locations\/([^/]+)\/recommenders\/([^/]+)\/recommendations\/([^/]+)$/;

interface Version {
  readonly at: number;
  /** Absent from when on it is no longer recommended. */
  readonly recommendation?: Recommendation;
}

/** What a recommendation becomes. */
export interface StateChange {
  readonly state: RecommendationState;
  readonly stateMetadata: Readonly<Record<string, string>>;
}

/** Every recommendation and what it was at any moment; a region of a project is seeded when it is first asked for. */
export class Recommendations {
  readonly #world: GcpWorld;
  readonly #startedAt: number;
  readonly #histories = new Map<string, Version[]>();
  readonly #seeded = new Set<string>();
  readonly #usages = new Map<string, ResourceUsage>();
  /** How many recommendations there were about a subject. */
  readonly #generations = new Map<string, number>();

  constructor(world: GcpWorld, startedAt: number) {
    this.#world = world;
    this.#startedAt = startedAt;
    this.add(world.settings.recommendations, startedAt);
    this.use(world.settings.usage);
  }

  /** The recommendations for a region of a project as of `moment`, in the order in which they came up. */
  asOf(project: string, region: string, moment: number): Recommendation[] {
    this.#seed(project, region);
    const histories = [...this.#histories.values()];
    return histories
      .flatMap((versions) => versions.findLast(({ at }) => at <= moment)?.recommendation ?? [])
      .filter(({ content }) => content.project === project && content.region === region);
  }

  /**
   * Recommends these commitments.
   *
   * Throws `TypeError` for a value that is no recommendation, and for new content of a recommendation whose content is
   * frozen. Then none of them is taken.
   */
  add(added: readonly CommitmentRecommendation[], at: number): void {
    const contents = added.map(parseRecommendation);
    for (const { name, state } of contents.flatMap((content) => this.#latest(this.#nameOf(content)) ?? [])) {
      if (state !== "ACTIVE" && state !== "DISMISSED")
        throw new TypeError(`${name} is ${state}: its content is frozen`);
    }
    for (const content of contents) this.#put(content, at);
  }

  /** Takes these usages in place of others of the same project, region and type. */
  use(usages: readonly ResourceUsage[]): void {
    for (const usage of usages.map(parseUsage))
      this.#usages.set([usage.project, usage.region, usage.type].join("/"), usage);
  }

  /** Recommends to a project for a region what its usage lacks now, and no longer recommends what it does not lack. */
  refresh(project: string, region: string, at: number): void {
    for (const usage of this.#usages.values()) {
      if (usage.project !== project || usage.region !== region) continue;
      for (const lack of lacksOf(usage, this.#world.inserts, at)) this.#follow(lack, { project, region }, at);
    }
  }

  /** Gives the recommendation a new etag. */
  touch(name: string, at: number): void {
    this.set(name, this.#known(name), at);
  }

  /** Claims the recommendation for somebody else, whatever its state. */
  claim(name: string, by: string, at: number): void {
    if (!METADATA_VALUE.test(by)) throw new TypeError(`"${by}" cannot stand in stateMetadata`);
    this.set(name, { state: "CLAIMED", stateMetadata: { "claimed-by": by } }, at);
  }

  /** Sets the state, and with it a new etag; returns what the recommendation has become. */
  set(name: string, { state, stateMetadata }: StateChange, at: number): Recommendation {
    return this.#keep({ ...this.#known(name), state, stateMetadata }, at);
  }

  #follow({ subject, content }: Lack, place: Pick<CommitmentRecommendation, "project" | "region">, at: number): void {
    const generation = this.#generations.get(subject) ?? 1;
    const idOf = (number: number) => deterministicId(`lack:${subject}:${number}`);
    const name = this.#nameOf({ ...place, recommendationId: idOf(generation) });
    const { state, content: latest } = this.#latest(name) ?? {};
    const isEnded = state === "SUCCEEDED" || state === "FAILED";
    // Somebody works on what is claimed, and nobody wants what is dismissed.
    if (state !== undefined && state !== "ACTIVE" && !isEnded) return;
    if (content === undefined) {
      if (state === "ACTIVE") this.#histories.get(name)?.push({ at });
      return;
    }
    const next = isEnded ? generation + 1 : generation;
    this.#generations.set(subject, next);
    const wanted: CommitmentRecommendation = { ...content, recommendationId: idOf(next) };
    if (!isDeepStrictEqual(wanted, latest)) this.#put(wanted, at);
  }

  #seed(project: string, region: string): void {
    const place = `${project}/${region}`;
    if (!this.#world.settings.seedRecommendations || this.#seeded.has(place)) return;
    this.#seeded.add(place);
    for (const content of seededRecommendations(project, region)) {
      if (this.#latest(this.#nameOf(content)) === undefined) this.#put(content, Number.NEGATIVE_INFINITY);
    }
  }

  #put(content: CommitmentRecommendation, at: number): void {
    const name = this.#nameOf(content);
    const { state, stateMetadata } = this.#latest(name) ?? { state: "ACTIVE", stateMetadata: {} };
    const refreshedAt = Math.max(at, this.#startedAt);
    this.#keep({ name, content, refreshedAt, state, stateMetadata }, at);
  }

  #keep(changed: Omit<Recommendation, "etag">, at: number): Recommendation {
    const digits = deterministicId(`etag:${this.#world.nextNumber()}`).replaceAll("-", "").slice(0, 16);
    const recommendation: Recommendation = { ...changed, etag: `"${digits}"` };
    const versions = this.#histories.get(changed.name) ?? [];
    this.#histories.set(changed.name, [...versions, { at, recommendation }]);
    return recommendation;
  }

  #known(name: string): Recommendation {
    const [, project = "", region = "", recommender = "", recommendationId = ""] = NAME.exec(name) ?? [];
    const place = { project: this.#world.projects.idOf(project), region };
    this.#seed(place.project, region);
    const known = recommender === COMMITMENT_RECOMMENDER && this.#latest(this.#nameOf({ ...place, recommendationId }));
    if (!known) throw new TypeError(`there is no recommendation ${name}`);
    return known;
  }

  #latest(name: string): Recommendation | undefined {
    return this.#histories.get(name)?.at(-1)?.recommendation;
  }

  #nameOf({
    project,
    region,
    recommendationId,
  }: Pick<CommitmentRecommendation, "project" | "region" | "recommendationId">) {
    const container = `projects/${this.#world.projects.numberOf(project)}`;
    return `${container}/locations/${region}/recommenders/${COMMITMENT_RECOMMENDER}/recommendations/${recommendationId}`;
  }
}

/** What a value in `stateMetadata` may look like. */
const METADATA_VALUE = /^[a-zA-Z0-9_./-]{0,255}$/;

const METADATA_KEY = /^[a-z0-9][a-z0-9_.-]{0,62}$/;

/** What the caller notes beside the state that it sets. */
export const stateMetadataSchema = z._default(
  z.record(
    z.string().check(z.regex(METADATA_KEY, `a key must match ${METADATA_KEY}`)),
    z.string().check(z.regex(METADATA_VALUE, `a value must match ${METADATA_VALUE}`)),
  ),
  {},
);

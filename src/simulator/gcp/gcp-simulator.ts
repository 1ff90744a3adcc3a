import type { SimulatorControls } from "../simulator-controls.js";
import type { GcpClientChoice, GcpClientOptions } from "./client-options.js";
import type { CommitmentRecommendation } from "./recommender/commitment-recommendation.js";
import type { ResourceUsage } from "./recommender/usage.js";

/** A recommendation as a test sees it. */
export interface ListedRecommendation extends CommitmentRecommendation {
  /** The full name, with the number of the project. */
  readonly name: string;
  readonly etag: string;
  readonly state: string;
  readonly stateMetadata: Readonly<Record<string, string>>;
}

/** The recommendations, which a test may change behind the back of the client. Answers are copies. */
export interface RecommendationsControl {
  /** The commitments recommended to a project for a region, in every state. */
  list(project: string, region: string): Promise<ListedRecommendation[]>;
  /**
   * Recommends these commitments. A known id gets the new content and a new etag, and stays in its state.
   *
   * Content is frozen from the first claim on: to change it then is a `TypeError`.
   */
  add(...recommendations: readonly CommitmentRecommendation[]): Promise<void>;
  /**
   * States what projects use all the time, in place of what was stated for the same project, region and type. What their
   * commitments lack of it is recommended to them, each resource by itself.
   */
  use(...usages: readonly ResourceUsage[]): Promise<void>;
  /** Gives the recommendation with this full name a new etag, as any change by somebody else does. */
  touch(name: string): Promise<void>;
  /** Claims it for somebody else, whose name is in its `stateMetadata` under `claimed-by`. */
  claim(name: string, by: string): Promise<void>;
}

/** A running simulator, in this process or in another. */
export interface ConnectedGcpSimulator extends SimulatorControls {
  readonly url: string;
  readonly recommendations: RecommendationsControl;
  /** Options for one of Google's clients; to be used once. */
  clientOptions(project: string, choice?: GcpClientChoice): GcpClientOptions;
}

/** A simulator that was started here and has to be closed here. */
export interface GcpSimulator extends ConnectedGcpSimulator {
  /** Ends every connection and timer. Requests that are still held never land. */
  close(): Promise<void>;
}

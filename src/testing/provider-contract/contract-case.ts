import type { CloudAbility, ProviderFixture } from "./provider-fixture.js";

/** One paragraph of the law, as a test. */
export interface ProviderCase {
  /** What a provider does, in the present tense. */
  readonly name: string;
  /** The abilities that a fixture must have for this case. */
  readonly needs: readonly CloudAbility[];
  /** Plays the case. `another` makes one more fresh fixture. All fixtures are closed in the end. */
  run(fixture: ProviderFixture, another: () => Promise<ProviderFixture>): Promise<void>;
}

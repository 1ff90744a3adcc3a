import type { CloudAbility, ProviderFixture } from "./provider-fixture.js";

/** One paragraph of the law, as a test. */
export interface ProviderCase {
  /** What a provider does, in the present tense. */
  readonly name: string;
  /** What the fixture must be able to do for it. */
  readonly needs: readonly CloudAbility[];
  run(fixture: ProviderFixture): Promise<void>;
}

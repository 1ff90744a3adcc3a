import type { CloudAbility, ProviderFixture } from "./provider-fixture.js";

/** One paragraph of the law, as a test. */
export interface ProviderCase {
  /** What a provider does, in the present tense. */
  readonly name: string;
  /** What the fixture must be able to do for it. */
  readonly needs: readonly CloudAbility[];
  /** `another` makes one more fresh fixture, for a case that plays several courses; all are closed in the end. */
  run(fixture: ProviderFixture, another: () => Promise<ProviderFixture>): Promise<void>;
}

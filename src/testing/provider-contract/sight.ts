import type { CommitmentProvider, ProviderContext } from "../../providers/commitment-provider.js";
import type { CloudAbility, ProviderFixture } from "./provider-fixture.js";

/** A way in which a provider sees what was bought. */
export interface Sight {
  readonly by: "lookup" | "inventory";
  /** What the fixture must be able to do for it. */
  readonly needs: CloudAbility;
  /** The ids of the commitments that it sees of the fixture's line. */
  ids(
    provider: CommitmentProvider,
    fixture: Pick<ProviderFixture, "request">,
    question: { readonly token: string; readonly context: ProviderContext },
  ): Promise<readonly string[]>;
}

/** The ways in which a provider sees what was bought. */
export const SIGHTS: readonly Sight[] = [
  {
    by: "lookup",
    needs: "found-by-token",
    async ids(provider, { request }, { token, context }) {
      return (await provider.lookup(request, token, context))?.commitmentIds ?? [];
    },
  },
  {
    by: "inventory",
    needs: "lane",
    async ids(provider, { request }, { token, context }) {
      const items = (await provider.inventory?.(request, token, context)) ?? [];
      return items.map(({ commitmentId }) => commitmentId);
    },
  },
];

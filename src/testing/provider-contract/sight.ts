import type { CommitmentProvider, ProviderContext, Sighting } from "../../providers/commitment-provider.js";
import type { CloudAbility, ProviderFixture } from "./provider-fixture.js";

/** What a provider sees of one purchase. */
export interface Seen {
  readonly commitmentIds: readonly string[];
  readonly sighting: Sighting;
}

/** A call by which a provider sees what was bought. */
export interface Sight {
  readonly by: "lookup" | "inventory";
  /** The abilities that a fixture must have for this call. */
  readonly needs: CloudAbility;
  /** Everything that the call shows about the fixture's line. */
  seen(
    provider: CommitmentProvider,
    fixture: Pick<ProviderFixture, "request">,
    question: { readonly token: string; readonly context: ProviderContext },
  ): Promise<readonly Seen[]>;
}

const LIVE: Sighting = { meaning: "live" };

/** The calls by which a provider sees what was bought. */
export const SIGHTS: readonly Sight[] = [
  {
    by: "lookup",
    needs: "found-by-token",
    async seen(provider, { request }, { token, context }) {
      const found = await provider.lookup(request, token, context);
      return found === undefined ? [] : [{ commitmentIds: found.commitmentIds, sighting: found.sighting ?? LIVE }];
    },
  },
  {
    by: "inventory",
    needs: "lane",
    async seen(provider, { request }, { token, context }) {
      const items = (await provider.inventory?.(request, token, context)) ?? [];
      return items.map(({ commitmentId, sighting = LIVE }) => ({ commitmentIds: [commitmentId], sighting }));
    },
  },
];

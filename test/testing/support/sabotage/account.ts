import { isBuyonceError } from "../../../../src/domain/errors.js";
import type { CommitmentProvider } from "../../../../src/providers/commitment-provider.js";
import { type Build, buying, ec2, type Sabotage, shop } from "./sabotage.js";

/** The same for the provider with credentials of another account. */
const withStranger =
  (build: Build, fault: (stranger: CommitmentProvider, own: CommitmentProvider) => CommitmentProvider): Build =>
  async () => {
    const fixture = await build();
    if (fixture.stranger === undefined) throw new Error("no stranger");
    return { ...fixture, stranger: fault(fixture.stranger, fixture.provider) };
  };

/** Wrong about whose credentials these are. */
export const ACCOUNT: readonly Sabotage[] = [
  {
    fault: "does not check the account",
    noticedBy: "refuses credentials of another account and sends nothing",
    build: withStranger(shop("native"), (_, own) => own),
  },
  {
    fault: "takes a wrong account for an error that passes",
    noticedBy: "refuses credentials of another account and sends nothing",
    build: withStranger(ec2, (stranger) => ({
      ...stranger,
      lookup: (...question) =>
        stranger.lookup(...question).catch((thrown: unknown) => {
          throw isBuyonceError(thrown, "ACCOUNT_MISMATCH") ? new Error(thrown.message) : thrown;
        }),
    })),
  },
  {
    fault: "checks the account only when it looks",
    noticedBy: "refuses credentials of another account that come between preparing and buying",
    build: withStranger(shop("named"), (stranger, own) => ({
      ...stranger,
      purchase: (permit, context) => buying(own, permit, context),
    })),
  },
  {
    fault: "looks in whatever account its credentials belong to",
    noticedBy: "refuses credentials of another account in its lookup",
    build: withStranger(shop("native"), (stranger, own) => ({ ...stranger, lookup: own.lookup })),
  },
  {
    fault: "lists whatever account its credentials belong to",
    noticedBy: "refuses credentials of another account in its inventory",
    build: withStranger(ec2, (stranger) => ({ ...stranger, inventory: async () => [] })),
  },
];

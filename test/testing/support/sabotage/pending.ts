import { azureFixture } from "../../../providers/azure/contract/azure-fixture.js";
import { ALIASED, CALCULATED } from "../../../providers/azure/contract/reservations.js";
import { type Sabotage, withFault } from "./sabotage.js";

/** Wrong about purchases that the cloud has not finished. */
export const PENDING: readonly Sabotage[] = [
  {
    fault: "takes what the cloud has not finished for bought",
    noticedBy:
      "leaves a purchase that the cloud has not finished in doubt, and records nothing of it once it has failed",
    build: withFault(
      () => azureFixture(ALIASED),
      (correct) => ({
        async lookup(...question) {
          const { pending: _, ...found } = (await correct.lookup(...question)) ?? {};
          return "commitmentIds" in found ? found : undefined;
        },
      }),
    ),
  },
  {
    fault: "takes what the cloud has not finished for absent",
    noticedBy: "leaves a purchase that the cloud has not finished in doubt, and adopts it once it is finished",
    build: withFault(
      () => azureFixture(CALCULATED),
      (correct) => ({
        async lookup(...question) {
          const found = await correct.lookup(...question);
          return found?.pending === undefined ? found : undefined;
        },
      }),
    ),
  },
];

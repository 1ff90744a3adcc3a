import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { PurchaseContext, PurchaseOutcome } from "../commitment-provider.js";
import type { PurchasePermit } from "../purchase-permit.js";
import { sendAtMostOnce } from "./at-most-one-send.js";
import { type Bought, purchaseOutcome } from "./aws-outcome.js";
import type { Connect } from "./connect.js";

/** How one service is bought: the command, how the client sends it, and what the answer says was bought. */
export interface CommandPurchase<Client, Command, Output> {
  readonly connect: Connect<Client>;
  readonly permit: PurchasePermit<CommitmentRequest>;
  readonly context: PurchaseContext;
  /** The command of this permit. Nothing but the permit may go into it. */
  command(): Promise<Command>;
  send(client: Client, command: Command, options: { readonly abortSignal: AbortSignal }): Promise<Output>;
  /** The commitment the answer names, whatever its state, or `undefined` where it names none. */
  boughtIn(output: Output): Bought | undefined;
  /** Finds out whose commitment has the name that was sent. For services where the caller chooses the name. */
  whoseName?(): Promise<PurchaseOutcome>;
}

/** Sends a permit's command at most once, signed at the permit's time with the credentials whose account was checked. */
export function purchaseByCommand<Client, Command extends { readonly middlewareStack: object }, Output>({
  connect,
  permit,
  context,
  ...service
}: CommandPurchase<Client, Command, Output>): Promise<PurchaseOutcome> {
  return purchaseOutcome({
    token: permit.token,
    async send() {
      const { client, accessKeyId, limit } = await connect(permit.request, context);
      const command = await service.command();
      return sendAtMostOnce({
        command,
        send: (options) => service.send(client, command, options),
        signedAt: permit.submittedAt,
        accessKeyId,
        signal: limit(),
        beforeWire: () => context.beforeWire(),
      });
    },
    boughtIn: service.boughtIn,
    ...(service.whoseName && { whoseName: service.whoseName }),
  });
}

/** The purchase in an answer that states nothing but the id of the commitment. */
export const boughtUnderId = (id: string | undefined): Bought | undefined =>
  id ? { commitment: { commitmentIds: [id] } } : undefined;

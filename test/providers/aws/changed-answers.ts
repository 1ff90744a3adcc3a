import type { EC2Client } from "@aws-sdk/client-ec2";

/** An answer, or a part of one, whose fields a test may set to what the simulator never says. */
export type Answer = Record<string, unknown>;

/** Makes a cloud of the simulator whose answers to an operation are changed, as the SDK has read them. */
export function changeAnswers(
  client: { readonly middlewareStack: object },
  operation: string,
  change: (output: Answer) => void,
): void {
  const { middlewareStack } = client as Pick<EC2Client, "middlewareStack">;
  middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        if (commandName === `${operation}Command`) change(result.output as unknown as Answer);
        return result;
      },
    { step: "initialize" },
  );
}

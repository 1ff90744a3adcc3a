/** The tag that carries a line's idempotency token on its commitment. */
export const TOKEN_TAG = "buyonce:token";

/** The tag in the shape of the services that take a list of keys and values. */
export const tokenTag = (token: string): { Key: string; Value: string } => ({ Key: TOKEN_TAG, Value: token });

/** The token among such tags, if there is one. */
export const tokenOn = ({
  Tags,
}: {
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
}): string | undefined => Tags?.find(({ Key }) => Key === TOKEN_TAG)?.Value;

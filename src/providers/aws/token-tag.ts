/** The tag that carries a line's idempotency token on its commitment. */
export const TOKEN_TAG = "buyonce:token";

/** The tag in the shape of the services that take a list of keys and values. */
export const tokenTag = (token: string): { Key: string; Value: string } => ({ Key: TOKEN_TAG, Value: token });

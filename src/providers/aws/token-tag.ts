/** The tag that carries a line's idempotency token on its commitment. */
export const TOKEN_TAG = "buyonce:token";

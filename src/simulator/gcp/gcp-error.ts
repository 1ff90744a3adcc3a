/** An error that a simulated service answers with: its code in that service's own words, and the HTTP status. */
export class GcpError extends Error {
  override readonly name = "GcpError";
  /** Compute Engine's reason, such as `alreadyExists`, or the Recommender's status, such as `ABORTED`. */
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

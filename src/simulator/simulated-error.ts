/** An error that a simulated cloud answers with: its code in the words of the service, and the HTTP status. */
export class SimulatedError extends Error {
  override readonly name = "SimulatedError";
  readonly code: string;
  readonly status: number;
  /** The headers that only this error has. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

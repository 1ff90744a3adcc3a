/** A refusal of the simulated Azure Resource Manager: the code in the body, and the HTTP status. */
export class AzureError extends Error {
  override readonly name = "AzureError";
  readonly code: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

/** The 400 of a body that says something Azure does not take. */
export function invalidContent(message: string): AzureError {
  return new AzureError("InvalidRequestContent", 400, message);
}

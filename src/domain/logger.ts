/**
 * Where the library reports what an operator should see; the shape of `console` and of pino's bound methods.
 *
 * Fields never hold an unmasked token, approval secret or credential.
 */
export interface Logger {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Drops everything. */
export const silentLogger: Logger = { info() {}, warn() {}, error() {} };

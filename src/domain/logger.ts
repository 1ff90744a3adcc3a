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

/** Warnings and errors to the console, nothing else: evidence of a purchase must show up somewhere. */
export const consoleLogger: Logger = {
  info() {},
  warn: (message, fields) => console.warn(message, fields ?? {}),
  error: (message, fields) => console.error(message, fields ?? {}),
};

/** Drops everything. */
export const silentLogger: Logger = { info() {}, warn() {}, error() {} };

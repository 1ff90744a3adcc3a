/**
 * Where the library reports what an operator should see. It has the shape of `console` and of pino's bound methods.
 *
 * Fields never hold an unmasked token, approval secret or credential.
 */
export interface Logger {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Writes warnings and errors to the console, and drops the rest. Evidence of a purchase must show up somewhere. */
export const consoleLogger: Logger = {
  info() {},
  warn: (message, fields) => console.warn(message, fields ?? {}),
  error: (message, fields) => console.error(message, fields ?? {}),
};

/** Drops every message. */
export const silentLogger: Logger = { info() {}, warn() {}, error() {} };

/** A logger that never throws. What the given one fails to take goes to the console. */
export const soundLogger = (logger: Logger): Logger => {
  const sound =
    (level: keyof Logger): Logger["info"] =>
    (message, fields) => {
      try {
        logger[level](message, fields);
      } catch {
        consoleLogger[level](message, fields);
      }
    };
  return { info: sound("info"), warn: sound("warn"), error: sound("error") };
};

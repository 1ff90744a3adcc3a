/** Whether a value is a date, of this realm or of another one. Under jest, `structuredClone` makes dates of another. */
export const isDate = (value: unknown): value is Date => Object.prototype.toString.call(value) === "[object Date]";

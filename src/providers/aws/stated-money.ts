import type { Money } from "../../domain/money.js";

/** A price as EC2 states it in text; `undefined` for a text that is no price. */
export const statedMoney = (amount: string, currency: string): Money | undefined =>
  /^\d+(\.\d+)?$/.test(amount) ? { amount, currency } : undefined;

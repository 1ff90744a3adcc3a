import { SimulatedError } from "../../../simulated-error.js";
import type { SavingsPlansOffering } from "./savings-plans-offering.js";

/** What is paid at once and what each hour, in USD. */
export interface SavingsPlanPayments {
  readonly upfrontPaymentAmount: string;
  readonly recurringPaymentAmount: string;
}

interface Asked {
  readonly commitment: string;
  readonly upfrontPaymentAmount?: string | undefined;
}

/** Divides the commitment into upfront and hourly payments; refuses an upfront amount that the offering does not take. */
export function paymentsOf(asked: Asked, offering: SavingsPlansOffering): SavingsPlanPayments {
  const hours = offering.durationSeconds / 3600;
  const hourly = Number(asked.commitment);
  const upfront = upfrontOf(asked, offering, hourly * hours);
  return { upfrontPaymentAmount: money(upfront), recurringPaymentAmount: money(hourly - upfront / hours) };
}

function upfrontOf({ upfrontPaymentAmount: asked }: Asked, { paymentOption }: SavingsPlansOffering, total: number) {
  if (paymentOption === "Partial Upfront") return partialUpfront(asked, total);
  if (asked === undefined) return paymentOption === "All Upfront" ? total : 0;
  throw invalid("upfrontPaymentAmount is only supported if the payment option is Partial Upfront");
}

// AWS documents the range of the amount and not what an absent one means; half is the console's own choice.
function partialUpfront(asked: string | undefined, total: number): number {
  if (asked === undefined) return total / 2;
  const amount = Number(asked);
  if (amount >= total * 0.5 && amount <= total * 0.99) return amount;
  throw invalid("upfrontPaymentAmount must be between 50 and 99 percent of the total value of the Savings Plan");
}

function money(amount: number): string {
  return amount.toFixed(8);
}

function invalid(message: string): SimulatedError {
  return new SimulatedError("ValidationException", 400, message);
}

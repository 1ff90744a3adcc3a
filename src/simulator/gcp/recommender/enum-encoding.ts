import * as z from "zod";

/** Whether the answer is to carry enums as numbers, which Google's own clients ask for by the parameter `$alt`. */
export const numericEnumsSchema = z
  .string()
  .optional()
  .transform((alt) => alt?.includes("enum-encoding=int") ?? false);

import * as z from "zod";

/** Tags as Savings Plans takes them. */
export const tagsSchema = z
  .record(
    z
      .string()
      .min(1)
      .max(128)
      .refine((key) => !key.toLowerCase().startsWith("aws:"), "Keys that start with aws: are reserved"),
    z.string().max(256),
  )
  .refine((tags) => Object.keys(tags).length <= 50, "At most 50 tags");

import * as z from "zod/mini";

/** A project as the Resource Manager knows it. */
export interface SimulatedProject {
  /** The id of the project. */
  readonly projectId: string;
  /** Default `ACTIVE`. */
  readonly state?: "ACTIVE" | "DELETE_REQUESTED" | undefined;
}

export const projectSchema: z.ZodMiniType<SimulatedProject> = z.strictObject({
  projectId: z.string().check(z.minLength(1)),
  state: z.optional(z.enum(["ACTIVE", "DELETE_REQUESTED"])),
});

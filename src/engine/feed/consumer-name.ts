import type { InputProblem } from "../../domain/input-problem.js";
import { nonBlankSchema } from "../../domain/text.js";

const LONGEST_NAME = 200;

/** The problem with the name of a consumer: it must be a short text with a visible character. */
export function* consumerProblems(consumer: unknown): Generator<InputProblem> {
  const parsed = nonBlankSchema().safeParse(consumer);
  if (!parsed.success || parsed.data.length > LONGEST_NAME)
    yield {
      path: "consumer",
      problem: `must be a text of at most ${LONGEST_NAME} characters that is not blank, without control characters`,
    };
}

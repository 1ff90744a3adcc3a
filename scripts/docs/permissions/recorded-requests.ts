import { readdirSync, readFileSync } from "node:fs";

/** What is sent in one step of a recorded purchase, or when a source of recommendations is asked. */
export interface RecordedStep {
  /** `lookup`, `prepare`, `purchase`, `inventory`, `label` or `cancelQueued` of an adapter, or `collect` of a source. */
  readonly step: string;
  /** The line that is bought, or the source. */
  readonly scenario: string;
  readonly operations: readonly string[];
  /** The requests in no certain order, each once. The first line has the method and the path. */
  readonly requests: readonly string[];
}

const CLOUDS = new URL("../../../test/providers/", import.meta.url);

/** What the golden files of a cloud's adapters are called, such as `aws.ec2`. */
export const recordedAdapters = (cloud: string): readonly string[] =>
  readdirSync(new URL(`${cloud}/golden/`, CLOUDS))
    .filter((name) => name.endsWith(".http"))
    .map((name) => name.replace(/\.http$/, ""))
    .sort();

/**
 * The steps of a golden file, such as `aws/golden/aws.ec2.http`.
 *
 * Tests compare these files with what the adapters send to the simulated clouds, and fail where an adapter sends an
 * operation that none of them shows.
 */
export function recordedSteps(file: string): readonly RecordedStep[] {
  const chapters = readFileSync(new URL(file, CLOUDS), "utf8").split(/^### /m).slice(1);
  return chapters.map((chapter) => {
    const [heading = "", ...requests] = chapter.trim().split(/\n\n(?=(?:GET|POST|PUT|PATCH|DELETE) |\d+ times:)/);
    const [scenario = "", step = "", operations] = heading.split(": ").slice(-3);
    return {
      scenario,
      step: step.replace(" afterwards", ""),
      operations: operations === undefined || operations === "" ? [] : operations.split(", "),
      requests: requests.map((text) => text.replace(/^\d+ times:\n/, "")),
    };
  });
}

import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { settleWaitMs } from "../../domain/idempotency-contract.js";
import { isUnsettled } from "../../domain/line-state.js";
import { deriveIdempotencyToken } from "../../idempotency/derive-idempotency-token.js";
import type { CommitmentProvider } from "../../providers/commitment-provider.js";
import { isTerminal } from "../../state-machine/transitions.js";
import { assert } from "../assert.js";
import type { CloudFault, ProviderFixture } from "./provider-fixture.js";
import { boughtIds } from "./state-words.js";
import { contextOf, openSubject, REQUEST_KEY, type Subject } from "./steps.js";
import { replaced } from "./watch-sends.js";

const PERSON = "contract";
/** Rounds in which every line may be in doubt twice, one after the other where they share a lane. */
const ROUNDS = 12;
const PAUSE_MS = 1_200_000;

/**
 * Plays two lines of one basket: the first request is lost; the second request lands, and its reply is lost.
 *
 * After that, listings leave attributes out. Each line must be bought at most once, and no line may take the other's
 * purchase. Where the listings cannot tell, a person must be asked, and the person's true answer ends the basket.
 */
export async function crossedLines(
  fixture: ProviderFixture,
  sibling: CommitmentRequest,
  left: readonly string[],
): Promise<void> {
  const { provider, landedOf } = watchLandings(fixture, [{ kind: "request-lost" }, { kind: "reply-lost" }]);
  const subject = openSubject(fixture, { provider, engine: { concurrency: 1 } });
  const { id } = await subject.engine.submit({
    requestKey: REQUEST_KEY,
    createdBy: PERSON,
    lines: [fixture.request, sibling],
  });
  await subject.engine.approve(id, { approvedBy: PERSON });
  await subject.engine.run(id);
  if (left.length > 0) await (fixture.cloud.leaveOut?.(left) ?? assert.fail("the fixture has no leaveOut"));
  const seen = { maybe: false, asked: false };
  for (let round = 0; round < ROUNDS; round += 1) {
    const execution = await pausedAndTicked(subject, id);
    for (const line of execution.lines) checkLine(line, landedOf(line.request));
    seen.maybe ||= await showsMaybe(subject, execution, landedOf);
    if (isTerminal(execution.status)) return checkEnd(execution, { ids: await boughtIds(fixture), seen });
    for (const line of execution.lines.filter(asksPerson)) {
      seen.asked = true;
      await answer(subject, execution, { line, ids: landedOf(line.request) });
    }
  }
  assert.fail(`the basket does not end: ${(await stored(subject, id)).reason}`);
}

/** Whether the inventory of an undecided line shows the line's landed purchase as a `maybe`. */
async function showsMaybe(
  { provider, fixture }: Subject,
  execution: Execution,
  landedOf: (request: CommitmentRequest) => readonly string[],
): Promise<boolean> {
  for (const line of execution.lines.filter(({ state }) => isUnsettled(state))) {
    const token = deriveIdempotencyToken(execution.lineageKey, line.index);
    const items = (await provider.inventory?.(line.request, token, contextOf({ fixture }, line))) ?? [];
    const landed = items.filter(({ commitmentId }) => landedOf(line.request).includes(commitmentId));
    if (landed.some((item) => item.maybe !== undefined && item.token === undefined)) return true;
  }
  return false;
}

/** Gives each purchase call its fault, and finds out by the cloud's books what landed of each line. */
function watchLandings({ provider, cloud }: ProviderFixture, faults: readonly CloudFault[]) {
  const landed = new Map<string, readonly string[]>();
  let sent = 0;
  const keyOf = (request: CommitmentRequest) => JSON.stringify(request);
  const landedOf = (request: CommitmentRequest) => landed.get(keyOf(request)) ?? [];
  const purchase: CommitmentProvider["purchase"] = async (permit, context) => {
    const fault = faults[sent];
    sent += 1;
    const before = await idsIn(cloud);
    if (fault !== undefined) await cloud.fault(fault);
    const outcome = await Reflect.apply(provider.purchase, provider, [permit, context]);
    const fresh = (await idsIn(cloud)).filter((id) => !before.includes(id));
    landed.set(keyOf(permit.request), [...landedOf(permit.request), ...fresh]);
    return outcome;
  };
  return { provider: replaced(provider, "purchase", purchase), landedOf };
}

const idsIn = async (cloud: ProviderFixture["cloud"]): Promise<readonly string[]> =>
  (await cloud.purchases()).map(({ commitmentId }) => commitmentId);

const stored = async ({ store }: Subject, id: string): Promise<Execution> =>
  (await store.get(id)) ?? assert.fail(`${id} is gone`);

async function pausedAndTicked(subject: Subject, id: string): Promise<Execution> {
  subject.fixture.clock.advance(settleWaitMs(subject.provider.idempotency) + PAUSE_MS);
  await subject.engine.tick();
  return stored(subject, id);
}

const asksPerson = ({ state, doubt }: PurchaseLine): boolean => isUnsettled(state) && doubt?.needsPerson === true;

function checkLine(line: PurchaseLine, landed: readonly string[]): void {
  const { index, state, commitment } = line;
  if (state === "committed")
    assert.deepEqual(
      [...(commitment?.commitmentIds ?? [])].sort(),
      [...landed].sort(),
      `line ${index} has the commitment of another line`,
    );
  if (state === "planned" || state === "rejected")
    assert.deepEqual(landed, [], `line ${index} was bought, but it is ${state}`);
}

/** A person resolves a line with the truth. */
async function answer(
  { engine }: Subject,
  { id }: Execution,
  { line, ids }: { readonly line: PurchaseLine; readonly ids: readonly string[] },
): Promise<void> {
  const by = { resolvedBy: PERSON };
  await engine.resolve(
    id,
    line.index,
    ids.length > 0
      ? { ...by, outcome: "committed", evidence: { commitmentIds: ids } }
      : { ...by, outcome: "rejected", evidence: { note: "the cloud's books show nothing of it" } },
  );
}

function checkEnd(
  { lines }: Execution,
  {
    ids,
    seen,
  }: { readonly ids: readonly string[]; readonly seen: { readonly maybe: boolean; readonly asked: boolean } },
): void {
  const recorded = lines.flatMap(({ commitment }) => commitment?.commitmentIds ?? []);
  assert.deepEqual([...recorded].sort(), ids, "the lines do not record exactly what was bought");
  assert.ok(seen.asked || !seen.maybe, "no person was asked about a commitment that is a `maybe`");
}

import type fc from "fast-check";

/**
 * Releases what is scheduled, one after the other, until work has ended.
 *
 * Before each release everybody goes on as far as they can. The scheduler's own `waitFor` lets fifty microtasks pass
 * each time, whether anybody has something to do or not, which takes longer than all the work of a small scenario.
 */
export async function releaseUntil(work: Promise<unknown>, scheduler: fc.Scheduler): Promise<void> {
  const end = { isReached: false };
  const working = work.finally(() => {
    end.isReached = true;
  });
  // Whoever awaits this function gets the failure below.
  working.catch(() => undefined);
  for (;;) {
    // All microtasks come before this.
    await new Promise(setImmediate);
    if (end.isReached) break;
    if (scheduler.count() > 0) await scheduler.waitOne();
  }
  await working;
}

/** Ends this process soon after its parent has ended, however that was, so that no orphan is left. */
export function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit();
  }, 500).unref();
}

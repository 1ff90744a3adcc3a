import { BuyonceError } from "../../domain/errors.js";
import { tryLockFolder } from "../local/folder-lock.js";
import { describeProcess } from "../local/process-identity.js";

/**
 * Locks a folder for one store, and returns a function that frees it. Throws `STORE_LOCKED` if another process or
 * instance has the folder.
 */
export function lockStoreFolder(folder: string): () => void {
  const attempt = tryLockFolder(folder, "store");
  if (attempt.kind === "acquired") return attempt.release;
  throw new BuyonceError(
    "STORE_LOCKED",
    `${folder} is in use by ${describeProcess(attempt.holder)}. Close the store there first. If that process is certainly gone, delete ${attempt.file}.`,
    { details: { file: attempt.file, holder: attempt.holder } },
  );
}

import { BuyonceError } from "../../domain/errors.js";
import { tryLockFolder } from "../local/folder-lock.js";
import { describeProcess } from "../local/process-identity.js";

/** Takes a folder for one store; `STORE_LOCKED` where another process or instance has it. Returns how to free it. */
export function lockStoreFolder(folder: string): () => void {
  const attempt = tryLockFolder(folder, "store");
  if (attempt.kind === "acquired") return attempt.release;
  throw new BuyonceError(
    "STORE_LOCKED",
    `${folder} is in use by ${describeProcess(attempt.holder)}. Close it there first; if that process is certainly gone, delete ${attempt.file}.`,
    { details: { file: attempt.file, holder: attempt.holder } },
  );
}

import { nodeCrypto } from "./node-modules.js";

/** A fresh execution id, such as `exec_0b54...`. */
export const newExecutionId = (): string => `exec_${nodeCrypto().randomUUID()}`;

/** A fresh id of a freeze. */
export const newFreezeId = (): string => `freeze_${nodeCrypto().randomUUID()}`;

/** A fresh lineage key, minted once for an execution and copied verbatim to each of its retries. */
export const newLineageKey = (): string => `lin_${nodeCrypto().randomUUID()}`;

/** A fresh worker name, so that the audit trail tells two workers of one host apart. */
export const newWorkerName = (): string => `worker_${nodeCrypto().randomUUID().slice(0, 8)}`;

/** A fresh name of a collection run, so that no run can be taken for another. */
export const newCollectionOwner = (): string => `collection_${nodeCrypto().randomUUID()}`;

import * as z from "zod";

/** What a value in `stateMetadata` may look like. */
export const METADATA_VALUE = /^[a-zA-Z0-9_./-]{0,255}$/;

const METADATA_KEY = /^[a-z0-9][a-z0-9_.-]{0,62}$/;

/** What the caller notes beside the state that it sets. */
export const stateMetadataSchema = z
  .record(
    z.string().regex(METADATA_KEY, `a key must match ${METADATA_KEY}`),
    z.string().regex(METADATA_VALUE, `a value must match ${METADATA_VALUE}`),
  )
  .default({});

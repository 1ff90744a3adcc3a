import fc from "fast-check";

// vitest.config.ts chose and printed the seed; the forks inherit it.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.BUYONCE_SEED) });

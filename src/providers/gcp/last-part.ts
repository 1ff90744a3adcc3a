/** The part of a path or URL behind its last slash. */
export const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

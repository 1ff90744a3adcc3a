/** One page of a listing. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly nextToken?: string;
}

/** Which page is asked for. */
export interface PageRequest {
  readonly token?: string | undefined;
  readonly size: number;
  /** Puts an empty page with a token before each page that has rows, as EC2 does for filtered listings. */
  readonly emptyPages: boolean;
  /** Answers the token it was asked with as the token of the next page: a listing that never ends. */
  readonly repeatToken: boolean;
}

const TOKEN = /^(full|empty)-(\d{1,9})$/;

/** Cuts the page out of all rows; `undefined` if the token is not one that we gave out. */
export function pageOf<Row>(rows: readonly Row[], request: PageRequest): Page<Row> | undefined {
  const position = readToken(request);
  if (position === undefined) return undefined;
  const { offset, empty } = position;
  const next = empty ? offset : offset + request.size;
  const page = rows.slice(offset, next);
  const nextToken = writeToken(request.emptyPages && !empty ? "empty" : "full", next);
  if (request.repeatToken) return { rows: page, nextToken: request.token ?? nextToken };
  return empty || next < rows.length ? { rows: page, nextToken } : { rows: page };
}

function readToken({ token, emptyPages }: PageRequest): { offset: number; empty: boolean } | undefined {
  if (token === undefined) return { offset: 0, empty: emptyPages };
  const [, kind, offset] = TOKEN.exec(Buffer.from(token, "base64url").toString("latin1")) ?? [];
  return kind === undefined ? undefined : { offset: Number(offset), empty: kind === "empty" };
}

function writeToken(kind: "full" | "empty", offset: number): string {
  return Buffer.from(`${kind}-${offset}`, "latin1").toString("base64url");
}

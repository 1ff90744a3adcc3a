/** Whether a row passes. */
export type Filter = (row: object) => boolean;

/** Compares the values of a field with what is wanted. */
type Comparison = (wanted: string) => (actual: readonly string[]) => boolean;

const TOKEN = /\s*(?:(\(|\)|!=|=|:)|"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s()=!:"']+))/y;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  "=": (wanted) => (actual) => actual.includes(wanted),
  "!=": (wanted) => (actual) => !actual.includes(wanted),
  ":": (wanted) => (actual) => (wanted === "*" ? actual.length > 0 : actual.some((text) => text.includes(wanted))),
  eq: matches,
  ne(wanted) {
    const matching = matches(wanted);
    return (actual) => !matching(actual);
  },
};

function matches(wanted: string) {
  const pattern = new RegExp(`^(?:${wanted})$`);
  return (actual: readonly string[]) => actual.some((text) => pattern.test(text));
}

/**
 * Reads a filter as Google's listings take it: comparisons by `=`, `!=`, `:`, `eq` and `ne`, joined by `AND` and `OR`, of
 * which `OR` binds tighter, in parentheses if need be. `eq` and `ne` take a regular expression for the whole value.
 *
 * `undefined` for a text that is no such filter, or that names none of the `fields`; those may be paths.
 */
export function parseFilter(text: string, fields: ReadonlySet<string>): Filter | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  try {
    return new FilterReader(tokens, fields).read();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

function tokensOf(text: string): Token[] | undefined {
  const trimmed = text.trimEnd();
  const found: Token[] = [];
  for (let at = 0; at < trimmed.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(trimmed);
    if (match === null) return undefined;
    const [, sign, double, single, bare] = match;
    const quoted = double?.replace(/\\(.)/g, "$1") ?? single;
    found.push({ text: quoted ?? sign ?? bare ?? "", quoted: quoted !== undefined });
  }
  return found;
}

/** Reads the tokens from left to right; throws `SyntaxError` where they make no sense. */
class FilterReader {
  readonly #tokens: readonly Token[];
  readonly #fields: ReadonlySet<string>;
  #at = 0;

  constructor(tokens: readonly Token[], fields: ReadonlySet<string>) {
    this.#tokens = tokens;
    this.#fields = fields;
  }

  read(): Filter {
    const filter = this.#conjunction();
    if (this.#at < this.#tokens.length) throw new SyntaxError("something follows the filter");
    return filter;
  }

  /** Expressions that stand side by side are joined by AND as well. */
  #conjunction(): Filter {
    const parts = [this.#disjunction()];
    while (this.#at < this.#tokens.length && !this.#isNext(")")) {
      this.#take("AND");
      parts.push(this.#disjunction());
    }
    return (row) => parts.every((part) => part(row));
  }

  #disjunction(): Filter {
    const parts = [this.#term()];
    while (this.#take("OR")) parts.push(this.#term());
    return (row) => parts.some((part) => part(row));
  }

  #term(): Filter {
    if (!this.#take("(")) return this.#comparison();
    const inner = this.#conjunction();
    if (!this.#take(")")) throw new SyntaxError("a parenthesis is not closed");
    return inner;
  }

  #comparison(): Filter {
    const field = camelCased(this.#next().text);
    const comparison = COMPARISONS[this.#next().text];
    if (comparison === undefined || !this.#fields.has(field)) throw new SyntaxError(`cannot compare ${field}`);
    const passes = comparison(this.#next().text);
    return (row) => passes(valuesAt(row, field));
  }

  #isNext(text: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.text === text && !token.quoted;
  }

  #take(text: string): boolean {
    const isNext = this.#isNext(text);
    if (isNext) this.#at += 1;
    return isNext;
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new SyntaxError("the filter breaks off");
    return token;
  }
}

function valuesAt(row: object, path: string): string[] {
  const value = path.split(".").reduce<unknown>((parent, key) => {
    return typeof parent === "object" && parent !== null ? Reflect.get(parent, key) : undefined;
  }, row);
  return [value].flat().flatMap((part) => (part === undefined ? [] : [String(part)]));
}

function camelCased(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

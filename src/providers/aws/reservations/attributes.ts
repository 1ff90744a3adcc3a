/** What a line buys, in the names and spellings of its service: the fields that offerings and reservations share. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** The names of the wanted attributes that an offering or a reservation states otherwise, or not at all. */
export const differing = (wanted: Attributes, stated: object): readonly string[] =>
  Object.keys(wanted).filter((name) => wanted[name] !== Reflect.get(stated, name));

/** The names of the wanted attributes that a reservation leaves out. */
export const unstated = (wanted: Attributes, stated: object): readonly string[] =>
  Object.keys(wanted).filter((name) => Reflect.get(stated, name) === undefined);

/** The names of the wanted attributes that a reservation states otherwise. */
export const statedOtherwise = (wanted: Attributes, stated: object): readonly string[] =>
  differing(wanted, stated).filter((name) => Reflect.get(stated, name) !== undefined);

/**
 * Whether a reservation may be the wanted one: no attribute that it states says otherwise.
 *
 * A missing attribute does not rule it out. If the reservation were left out here, its purchase could be taken for one
 * that never happened.
 */
export const mayBe = (wanted: Attributes, stated: object): boolean => statedOtherwise(wanted, stated).length === 0;

/** One difference between a line and a commitment, as text. */
export const difference = (name: string, expected: unknown, found: unknown): string =>
  `${name}: expected ${String(expected ?? "none")}, found ${String(found ?? "none")}`;

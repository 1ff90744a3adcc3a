const refusing = (): never => {
  throw new Error("not for you");
};

/** A handler whose every trap throws. */
const REFUSING: ProxyHandler<object> = Object.fromEntries(
  ["get", "has", "ownKeys", "getPrototypeOf", "getOwnPropertyDescriptor"].map((trap) => [trap, refusing]),
);

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** An error whose property cannot be read. */
const unreadable = (property: string): Error => Object.defineProperty(new Error("x"), property, { get: refusing });

/** What code that is not ours may throw or hand over, each of which breaks careless code. */
export const HOSTILE: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["undefined", undefined],
  ["an empty text", ""],
  ["white space", " \n\t "],
  ["a symbol", Symbol("why")],
  ["a symbol without a description", Symbol()],
  ["a large integer", 2n ** 64n],
  ["an object without a prototype", Object.create(null)],
  ["an object whose toString throws", { toString: refusing }],
  ["an object whose toString gives no text", { toString: () => ({}) }],
  ["an error whose message cannot be read", unreadable("message")],
  ["an error whose name cannot be read", unreadable("name")],
  ["an error without a message", new Error("")],
  ["an error whose message is no text", Object.assign(new Error("x"), { message: Object.create(null) })],
  ["an error whose name is a symbol", Object.assign(new Error("x"), { name: Symbol("name") })],
  ["a proxy whose every trap throws", new Proxy({}, REFUSING)],
  ["a proxy of an error whose every trap throws", new Proxy(new Error("x"), REFUSING)],
  ["a proxy of a function whose every trap throws", new Proxy(refusing, REFUSING)],
  ["a revoked proxy", revoked()],
];

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Where the connection breaks, as seen from a client's statement. */
export type Cut =
  /** The server never gets the statement. */
  | "before the statement"
  /** The server has the statement and goes on with it, while the client is told nothing any more. */
  | "during the statement"
  /** The server has executed and committed the statement, and its answer is thrown away. */
  | "after the statement";

/** A connection to PostgreSQL's port that breaks when it is told to. */
export interface TcpProxy {
  readonly port: number;
  /** Statements passed on since the start, by the names under which they were prepared. */
  readonly statements: readonly string[];
  /** How many statements were cut off. */
  cuts(): number;
  /** The next statement but `skip` is cut off. */
  cutNext(cut: Cut, skip?: number): void;
  /** Nothing more is cut off. */
  heal(): void;
  close(): Promise<void>;
}

const READY_FOR_QUERY = "Z";
/** Sync, Query, Flush: what came before is complete and wants an answer. */
const ENDS_STATEMENT = "SQH";

/** Opens a proxy to a server on this machine. It knows of the protocol only where messages end. */
export async function openTcpProxy(serverPort: number): Promise<TcpProxy> {
  const statements: string[] = [];
  const sockets = new Set<Socket>();
  let cuts = 0;
  let planned: { readonly cut: Cut; readonly at: number } | undefined;

  const relay = (client: Socket) => {
    const server = connect(serverPort, "127.0.0.1");
    let silenced = false;
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    const cutOff = (cut: Cut, statement: Buffer) => {
      silenced = true;
      if (cut !== "before the statement") server.write(statement);
      else server.end();
      if (cut !== "after the statement") client.resetAndDestroy();
    };
    const pass = (statement: Buffer) => {
      statements.push(nameIn(statement));
      if (planned?.at !== statements.length) return void server.write(statement);
      const { cut } = planned;
      planned = undefined;
      cuts += 1;
      cutOff(cut, statement);
    };
    const answers = messageReader((type, message) => {
      if (!silenced) client.write(message);
      else if (type === READY_FOR_QUERY) {
        client.destroy();
        server.end();
      }
    });
    const requests = statementReader({ pass, passAtOnce: (message) => void server.write(message) });
    client.on("data", requests);
    server.on("data", answers);
    client.on("close", () => silenced || server.end());
    server.on("close", () => client.end());
  };

  const listener = createServer(relay).listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    statements,
    cuts: () => cuts,
    heal() {
      planned = undefined;
    },
    cutNext(cut, skip = 0) {
      planned = { cut, at: statements.length + skip + 1 };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
}

/** Cuts a stream of messages, each a type, a length and contents, into its messages. */
function messageReader(onMessage: (type: string, message: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length >= 1 + rest.readInt32BE(1)) {
      const message = rest.subarray(0, 1 + rest.readInt32BE(1));
      rest = rest.subarray(message.length);
      onMessage(String.fromCharCode(message[0] ?? 0), message);
    }
  };
}

interface Outlets {
  pass(statement: Buffer): void;
  passAtOnce(message: Buffer): void;
}

/** The same for a client's stream: its first message has no type, and the messages of one statement are kept together. */
function statementReader({ pass, passAtOnce }: Outlets): (chunk: Buffer) => void {
  let started = false;
  let parts: Buffer[] = [];
  const read = messageReader((type, message) => {
    if (type === "p" || type === "X") return passAtOnce(message);
    parts.push(message);
    if (!ENDS_STATEMENT.includes(type)) return;
    const statement = Buffer.concat(parts);
    parts = [];
    pass(statement);
  });
  return (chunk) => {
    const startup = started ? 0 : chunk.readInt32BE(0);
    started = true;
    if (startup > 0) passAtOnce(chunk.subarray(0, startup));
    read(chunk.subarray(startup));
  };
}

/** Our statements are prepared under names that tell what they do. */
const nameIn = (statement: Buffer): string => /buyonce_([a-z_]+)_/.exec(statement.toString("latin1"))?.[1] ?? "other";

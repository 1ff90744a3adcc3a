import type { Exchange } from "./exchange.js";
import type { DeliveryFault } from "./fault.js";
import type { HeldWork } from "./held-work.js";
import type { RequestOutcome } from "./ledger.js";
import type { WireReply } from "./wire.js";

/** What a service answers, with the code of its own error if the answer is one. */
export interface Processed {
  readonly reply: WireReply;
  readonly errorCode?: string;
}

/** What goes wrong before a service decides anything, in the words of that service. */
export interface FaultAnswers {
  throttled(): Processed;
  internal(): Processed;
  error(fault: Extract<DeliveryFault, { kind: "error" }>): Processed;
}

/** One request between its arrival and its answer. */
export interface Delivery {
  readonly answers: FaultAnswers;
  readonly exchange: Exchange;
  readonly held: HeldWork;
  /** Has the service decide, and commits. */
  readonly process: () => Processed;
  /** Writes the outcome into the log. */
  readonly note: (outcome: RequestOutcome) => void;
}

const GARBAGE: WireReply = {
  status: 200,
  headers: { "content-type": "text/html" },
  body: "<html><head><title>Hello</title></head><body><p>This is not the service.<br></body></html>",
};

type FaultsByKind = { [Fault in DeliveryFault as Fault["kind"]]: Fault };
type Kind = keyof FaultsByKind;

/**
 * Processes the request and answers it in the way the fault asks for. Without a fault, it answers as the cloud would.
 */
export function deliver(delivery: Delivery, fault: DeliveryFault | undefined): void {
  if (fault === undefined) delivery.exchange.answer(decide(delivery));
  else strike(fault.kind, delivery, fault);
}

function strike<K extends Kind>(kind: K, delivery: Delivery, fault: FaultsByKind[K]): void {
  FAULTY_ANSWERS[kind](delivery, fault);
}

const FAULTY_ANSWERS: { readonly [K in Kind]: (delivery: Delivery, fault: FaultsByKind[K]) => void } = {
  "reset-before": (delivery, fault) => {
    delivery.note({ state: "dropped", fault: fault.kind });
    delivery.exchange.reset();
  },
  "reset-after": (delivery, fault) => {
    decide(delivery, fault);
    delivery.exchange.reset();
  },
  "delay-landing": (delivery, fault) => {
    delivery.held.after(fault.ms, () => decide(delivery, fault));
    delivery.exchange.reset();
  },
  "slow-before": (delivery, fault) => {
    delivery.held.after(fault.ms, () => delivery.exchange.answer(decide(delivery, fault)));
  },
  "slow-reply": (delivery, fault) => {
    const reply = decide(delivery, fault);
    delivery.held.after(fault.ms, () => delivery.exchange.answer(reply));
  },
  throttle: (delivery, fault) => answerUnprocessed(delivery, fault, delivery.answers.throttled()),
  error: (delivery, fault) => answerUnprocessed(delivery, fault, delivery.answers.error(fault)),
  "error-500-before": (delivery, fault) => answerUnprocessed(delivery, fault, delivery.answers.internal()),
  "error-500-after": (delivery, fault) => {
    decide(delivery, fault);
    delivery.exchange.answer(delivery.answers.internal().reply);
  },
  "empty-body": (delivery, fault) => delivery.exchange.answer({ ...decide(delivery, fault), status: 200, body: "" }),
  "garbage-body": (delivery, fault) => {
    decide(delivery, fault);
    delivery.exchange.answer(GARBAGE);
  },
  "cut-body": (delivery, fault) => delivery.exchange.cut({ ...decide(delivery, fault), status: 200 }),
};

function decide({ process, note }: Delivery, fault?: DeliveryFault): WireReply {
  const { reply, errorCode } = process();
  note({
    state: "processed",
    status: reply.status,
    ...(errorCode && { errorCode }),
    ...(fault && { fault: fault.kind }),
  });
  return reply;
}

function answerUnprocessed({ exchange, note }: Delivery, fault: DeliveryFault, { reply, errorCode }: Processed): void {
  note({ state: "dropped", status: reply.status, ...(errorCode && { errorCode }), fault: fault.kind });
  exchange.answer(reply);
}

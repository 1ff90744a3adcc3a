import { readFileSync } from "node:fs";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elasticache from "@aws-sdk/client-elasticache";
import * as memorydb from "@aws-sdk/client-memorydb";
import * as opensearch from "@aws-sdk/client-opensearch";
import * as rds from "@aws-sdk/client-rds";
import * as redshift from "@aws-sdk/client-redshift";
import * as serverless from "@aws-sdk/client-redshift-serverless";
import * as savingsplans from "@aws-sdk/client-savingsplans";
import { describe, expect, test } from "vitest";
import { type Adapter, adapterOf, adapterSources, type ErrorAnswer, preparedPurchase } from "./every-adapter.js";
import { context, seen, TOKEN } from "./simulated-line.js";

/** What an exception of a purchase makes of it; `read back`: the name is taken, and who has it is looked up. */
type PurchaseVerdict = "rejected" | "not_now" | "unknown" | "read back";
/** What an exception of a listing says of the commitment that is looked for. */
type LookupVerdict = "absent" | "throws";

/** One service: its SDK, the operations its adapter uses, and what each modelled exception of them means. */
interface Decisions {
  readonly service: Adapter["service"];
  readonly sdk: {
    readonly name: string;
    readonly loader: string;
    readonly exports: object;
    readonly wire: "code" | "name";
  };
  readonly purchase: Readonly<Record<string, PurchaseVerdict>>;
  readonly lookup: Readonly<Record<string, LookupVerdict>>;
  /** The operations that find the offering and its price: whatever they throw, the line is prepared again later. */
  readonly preparing: readonly string[];
  /** The operation that tells what became of a reservation, and what each of its exceptions says of one that is over early. */
  readonly became?: { readonly operation: string; readonly says: Readonly<Record<string, "unclear" | "throws">> };
  /** The operations that label and withdraw: whatever they throw, they are tried again later. */
  readonly afterwards?: readonly string[];
}

const SDKS = {
  // EC2 models no exceptions at all: aws-outcome.test.ts has its documented codes.
  ec2: { name: "ec2", loader: "loadEc2", exports: ec2, wire: "code" },
  elasticache: { name: "elasticache", loader: "loadElastiCache", exports: elasticache, wire: "code" },
  memorydb: { name: "memorydb", loader: "loadMemoryDb", exports: memorydb, wire: "name" },
  opensearch: { name: "opensearch", loader: "loadOpenSearch", exports: opensearch, wire: "name" },
  rds: { name: "rds", loader: "loadRds", exports: rds, wire: "code" },
  redshift: { name: "redshift", loader: "loadRedshift", exports: redshift, wire: "code" },
  serverless: { name: "redshift-serverless", loader: "loadRedshiftServerless", exports: serverless, wire: "name" },
  savingsplans: { name: "savingsplans", loader: "loadSavingsPlans", exports: savingsplans, wire: "name" },
} as const satisfies Readonly<Record<string, Decisions["sdk"]>>;

/** Decide for each exception before adding it here: `rejected` says that nothing was bought and nothing will be. */
const DECISIONS: readonly Decisions[] = [
  {
    service: "aws.ec2",
    sdk: SDKS.ec2,
    purchase: {},
    lookup: {},
    preparing: ["DescribeReservedInstancesOfferings"],
    became: { operation: "DescribeReservedInstancesModifications", says: {} },
    afterwards: ["CreateTags", "DeleteQueuedReservedInstances"],
  },
  {
    service: "aws.ec2-capacity-blocks",
    sdk: SDKS.ec2,
    purchase: {},
    lookup: {},
    preparing: ["DescribeCapacityBlockOfferings"],
    afterwards: ["CreateTags"],
  },
  {
    service: "aws.ec2-dedicated-hosts",
    sdk: SDKS.ec2,
    purchase: {},
    lookup: {},
    preparing: ["DescribeHostReservationOfferings", "GetHostReservationPurchasePreview"],
  },
  {
    service: "aws.elasticache",
    sdk: SDKS.elasticache,
    purchase: {
      InvalidParameterCombinationException: "rejected",
      InvalidParameterValueException: "rejected",
      ReservedCacheNodeAlreadyExistsFault: "read back",
      ReservedCacheNodeQuotaExceededFault: "rejected",
      ReservedCacheNodesOfferingNotFoundFault: "rejected",
      TagQuotaPerResourceExceeded: "rejected",
    },
    lookup: {
      InvalidParameterCombinationException: "throws",
      InvalidParameterValueException: "throws",
      ReservedCacheNodeNotFoundFault: "absent",
    },
    preparing: ["DescribeReservedCacheNodesOfferings"],
  },
  {
    service: "aws.memorydb",
    sdk: SDKS.memorydb,
    purchase: {
      InvalidParameterCombinationException: "rejected",
      InvalidParameterValueException: "rejected",
      ReservedNodeAlreadyExistsFault: "read back",
      ReservedNodeQuotaExceededFault: "rejected",
      ReservedNodesOfferingNotFoundFault: "rejected",
      ServiceLinkedRoleNotFoundFault: "rejected",
      TagQuotaPerResourceExceeded: "rejected",
    },
    lookup: {
      InvalidParameterCombinationException: "throws",
      InvalidParameterValueException: "throws",
      ReservedNodeNotFoundFault: "absent",
      ServiceLinkedRoleNotFoundFault: "throws",
    },
    preparing: ["DescribeReservedNodesOfferings"],
  },
  {
    service: "aws.opensearch",
    sdk: SDKS.opensearch,
    // Four of these share the status 409.
    purchase: {
      DisabledOperationException: "rejected",
      InternalException: "unknown",
      LimitExceededException: "rejected",
      ResourceAlreadyExistsException: "read back",
      ResourceNotFoundException: "rejected",
      ValidationException: "rejected",
    },
    // The whole account is listed, so nothing can be "not found".
    lookup: {
      DisabledOperationException: "throws",
      InternalException: "throws",
      ResourceNotFoundException: "throws",
      ValidationException: "throws",
    },
    preparing: ["DescribeReservedInstanceOfferings"],
  },
  {
    service: "aws.rds",
    sdk: SDKS.rds,
    // "Already exists" has the status of "not found", 404.
    purchase: {
      ReservedDBInstanceAlreadyExistsFault: "read back",
      ReservedDBInstanceQuotaExceededFault: "rejected",
      ReservedDBInstancesOfferingNotFoundFault: "rejected",
    },
    lookup: { ReservedDBInstanceNotFoundFault: "absent" },
    preparing: ["DescribeReservedDBInstancesOfferings"],
  },
  {
    service: "aws.redshift",
    sdk: SDKS.redshift,
    purchase: {
      // The purchase takes no id that could exist, so what is meant is not known.
      ReservedNodeAlreadyExistsFault: "unknown",
      ReservedNodeOfferingNotFoundFault: "rejected",
      ReservedNodeQuotaExceededFault: "rejected",
      UnsupportedOperationFault: "rejected",
    },
    // The whole account is listed, so nothing can be "not found".
    lookup: { DependentServiceUnavailableFault: "throws", ReservedNodeNotFoundFault: "throws" },
    preparing: ["DescribeReservedNodeOfferings"],
    became: {
      operation: "DescribeReservedNodeExchangeStatus",
      says: {
        ReservedNodeExchangeNotFoundFault: "unclear",
        ReservedNodeNotFoundFault: "throws",
        UnsupportedOperationFault: "throws",
      },
    },
  },
  {
    service: "aws.redshift-serverless",
    sdk: SDKS.serverless,
    purchase: {
      // May speak of an earlier request under the same token.
      ConflictException: "unknown",
      InternalServerException: "unknown",
      ResourceNotFoundException: "rejected",
      ServiceQuotaExceededException: "rejected",
      ThrottlingException: "not_now",
      TooManyTagsException: "rejected",
      ValidationException: "rejected",
    },
    lookup: { InternalServerException: "throws", ThrottlingException: "throws", ValidationException: "throws" },
    preparing: ["ListReservationOfferings"],
  },
  {
    service: "aws.savings-plans",
    sdk: SDKS.savingsplans,
    purchase: {
      InternalServerException: "unknown",
      ResourceNotFoundException: "rejected",
      ServiceQuotaExceededException: "rejected",
      ValidationException: "rejected",
    },
    lookup: { InternalServerException: "throws", ValidationException: "throws" },
    preparing: ["DescribeSavingsPlansOfferings"],
    afterwards: ["TagResource", "DeleteQueuedSavingsPlan"],
  },
];

const root = new URL("../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

/** The exceptions that the installed SDK models for an operation. */
function modelled({ name }: Decisions["sdk"], operation: string): readonly string[] {
  const declaration = read(`node_modules/@aws-sdk/client-${name}/dist-types/commands/${operation}Command.d.ts`);
  const thrown = [...declaration.matchAll(/@throws \{@link (\w+)\}/g)].map(([, exception = ""]) => exception);
  expect(thrown.at(-1), `${operation} has another form of declaration`).toMatch(/ServiceException$/);
  return thrown.slice(0, -1).sort();
}

/** An exception as the service sends it: JSON names it, the query services give it a code of its own. */
function onTheWire({ exports, wire }: Decisions["sdk"], exception: string): { code: string; status: number } {
  const schema = (exports as Readonly<Record<string, unknown>>)[`${exception}$`] as readonly [...unknown[]];
  const { awsQueryError, httpError } = schema[3] as {
    readonly awsQueryError?: readonly [string, number];
    readonly httpError: number;
  };
  const [code, status] = (wire === "code" ? awsQueryError : undefined) ?? [exception, httpError];
  return { code, status };
}

const STATUSES = [400, 402, 403, 404, 409, 429, 500, 503];
const MESSAGES = [
  "",
  "AccessDenied: you may not",
  "The reservation already exists",
  "Not found",
  "Rate exceeded: Throttling",
  "InternalFailure",
  `<Code>Throttling</Code> & {"__type":"InternalFailure"}\n${TOKEN}`,
];

/** The same exception in all its guises: its own status with any text, and any other status. */
const guisesOf = ({ code, status }: ErrorAnswer): readonly ErrorAnswer[] => [
  ...MESSAGES.map((message) => ({ code, status, message })),
  ...STATUSES.map((other) => ({ code, status: other })),
];

/** A prepared purchase. Retries of listings would only cost time, and purchases have none. */
async function toldToAnswer(service: Adapter["service"]) {
  const adapter = adapterOf(service);
  return { adapter, ...(await preparedPurchase(adapter, { maxAttempts: 1 })) };
}
type Told = Awaited<ReturnType<typeof toldToAnswer>>;

/** What comes of a purchase that is answered so; whether a name is read back shows in the listings that are asked for. */
async function verdictOf(told: Told, as: ErrorAnswer): Promise<string> {
  const { purchase, listing } = told.adapter;
  const before = (await seen(told, listing)).length;
  await told.answer(purchase, as);
  const outcome = await told.purchase();
  if ((await seen(told, listing)).length === before) return outcome.kind;
  // Nothing was bought, so nothing has the name: that the service says otherwise is a doubt.
  expect(outcome).toMatchObject({ kind: "unknown", reason: expect.stringContaining("the name is taken") });
  return "read back";
}

/** The questions by which an adapter finds what exists, those that ask the cloud at all. */
function questions({ adapter, provider, prepared }: Told): readonly (() => Promise<unknown>)[] {
  const { request } = adapter;
  const lookup = () => provider.lookup(request, TOKEN, context());
  const inventory = () =>
    provider.inventory?.(request, TOKEN, context({ prepared })) ?? Promise.reject(new Error("none"));
  // Redshift keeps nothing of a token, so only its lane is listed.
  if (request.service.startsWith("aws.redshift")) return [inventory];
  return provider.inventory === undefined ? [lookup] : [lookup, inventory];
}

describe.each(DECISIONS)("$service", ({ service, sdk, ...decided }) => {
  const { purchase, listing } = adapterOf(service);

  test("has a decision for every modelled exception of its purchase and of its lookup", () => {
    expect(Object.keys(decided.purchase).sort()).toEqual(modelled(sdk, purchase));
    expect(Object.keys(decided.lookup).sort()).toEqual(modelled(sdk, listing));
  });

  test.each(Object.entries(decided.purchase))("a purchase answered %s is %s", async (exception, verdict) => {
    const told = await toldToAnswer(service);
    for (const guise of guisesOf(onTheWire(sdk, exception)))
      expect(await verdictOf(told, guise), JSON.stringify(guise)).toBe(verdict);
    expect(await told.simulator.ledger.purchases()).toEqual([]);
  });

  const readBack = Object.entries(decided.purchase).filter(([, verdict]) => verdict === "read back");
  test.each(readBack)(
    "a purchase answered %s is its earlier send's, where the name is that one's",
    async (exception) => {
      const told = await toldToAnswer(service);
      const first = await told.purchase();
      await told.answer(told.adapter.purchase, onTheWire(sdk, exception));
      const again = await told.purchase();
      const commitmentIds = first.kind === "committed" ? first.commitment.commitmentIds : undefined;
      expect(again).toMatchObject({ kind: "committed", commitment: { commitmentIds, adopted: true } });
    },
  );

  test.each(Object.entries(decided.lookup))("a listing answered %s: %s", async (exception, verdict) => {
    const told = await toldToAnswer(service);
    for (const guise of guisesOf(onTheWire(sdk, exception)))
      for (const ask of questions(told)) {
        await told.answer(listing, guise);
        const found = ask();
        if (verdict === "absent") expect(await found, JSON.stringify(guise)).toBeUndefined();
        else
          await expect(found, JSON.stringify(guise)).rejects.toMatchObject({ code: "LOOKUP_FAILED", retryable: true });
      }
  });

  test.each(decided.preparing)("whatever %s is answered, the line is prepared again later", async (operation) => {
    const told = await toldToAnswer(service);
    const exceptions = modelled(sdk, operation).map((exception) => onTheWire(sdk, exception));
    for (const answer of [...exceptions, { code: "SomethingNew", status: 400 }]) {
      await told.answer(operation, answer);
      const preparing = told.provider.prepare(told.adapter.request, TOKEN, context());
      await expect(preparing, answer.code).rejects.toMatchObject({ code: "PREPARE_FAILED", retryable: true });
    }
  });
});

describe.each(DECISIONS.filter(({ became }) => became !== undefined))(
  "what $service says of a reservation that is over early",
  ({ service, sdk, became: { operation, says } = { operation: "", says: {} } }) => {
    test("has a decision for every modelled exception", () => {
      expect(Object.keys(says).sort()).toEqual(modelled(sdk, operation));
    });

    const answers = Object.entries(says).map(([exception, verdict]) => [onTheWire(sdk, exception), verdict] as const);
    const others = [
      [{ code: "AccessDenied", status: 403 }, "throws"],
      [{ code: "SomethingNew", status: 400 }, "throws"],
    ] as const;
    test.each([...answers, ...others])("answered %o: %s", async (answer, verdict) => {
      const told = await toldToAnswer(service);
      const outcome = await told.purchase();
      const [id = ""] = outcome.kind === "committed" ? outcome.commitment.commitmentIds : [];
      await told.simulator.states.set(id, "retired");
      await told.answer(operation, answer);
      const { provider, prepared, adapter } = told;
      const inventory = provider.inventory?.(adapter.request, TOKEN, context({ prepared }));
      if (verdict === "unclear") expect(await inventory).toMatchObject([{ sighting: { meaning: "unclear" } }]);
      else await expect(inventory).rejects.toMatchObject({ code: "LOOKUP_FAILED", retryable: true });
    });
  },
);

test("every operation that the adapters use is here", () => {
  const sources = adapterSources();
  const used = [...sources.matchAll(/const \{ (\w+)Command \} = await (load\w+)\(\)/g)];
  const created = [...sources.matchAll(/new (\w+)Command\(/g)];
  expect(new Set(used.map(([, operation]) => operation))).toEqual(new Set(created.map(([, operation]) => operation)));
  const here = DECISIONS.flatMap(({ service, sdk, preparing, became, afterwards = [] }) => {
    const { purchase, listing } = adapterOf(service);
    const telling = became === undefined ? [] : [became.operation];
    return [purchase, listing, ...preparing, ...telling, ...afterwards].map(
      (operation) => `${sdk.loader}: ${operation}`,
    );
  });
  // Of STS, which sells nothing, one operation is used.
  const all = [...here, "loadSts: GetCallerIdentity"];
  expect(new Set(used.map(([, operation, loader]) => `${loader}: ${operation}`))).toEqual(new Set(all));
});

import type { Model } from "./google-models.js";

/*
 * The Cloud Commerce Consumer Procurement API, v1, as far as it is used. No npm package carries its models, so its shape
 * is written here: from Google's REST reference of v1 (billingAccounts.orders, billingAccounts.orders.operations), whose
 * fields, enums and marks are those of google/cloud/commerce/consumer/procurement/v1 in googleapis/googleapis.
 */

const field = (type: string, behavior?: "REQUIRED" | "OUTPUT_ONLY") => ({
  type,
  ...(behavior !== undefined && { options: { "(google.api.field_behavior)": behavior } }),
});
const required = (type: string) => field(type, "REQUIRED");
const shown = (type: string) => field(type, "OUTPUT_ONLY");
const list = <Of extends object>(of: Of) => ({ ...of, rule: "repeated" as const });

/** An enum by the beginning of its values. The first value stands for none. */
const enumOf = (beginning: string, ...names: readonly string[]): Model => ({
  values: Object.fromEntries(["UNSPECIFIED", ...names].map((name, index) => [`${beginning}_${name}`, index])),
});

const http = (rule: object) => ({ parsedOptions: [{ "(google.api.http)": rule }] });
const TIME = "google.protobuf.Timestamp";
const OPERATION = "google.longrunning.Operation";

const MODELS: Readonly<Record<string, Model>> = {
  LineItemChangeType: enumOf("LINE_ITEM_CHANGE_TYPE", "CREATE", "UPDATE", "CANCEL", "REVERT_CANCELLATION"),
  LineItemChangeState: enumOf(
    "LINE_ITEM_CHANGE_STATE",
    "PENDING_APPROVAL",
    "APPROVED",
    "COMPLETED",
    "REJECTED",
    "ABANDONED",
    "ACTIVATING",
  ),
  LineItemChangeStateReasonType: enumOf(
    "LINE_ITEM_CHANGE_STATE_REASON_TYPE",
    "EXPIRED",
    "USER_CANCELLED",
    "SYSTEM_CANCELLED",
  ),
  AutoRenewalBehavior: enumOf("AUTO_RENEWAL_BEHAVIOR", "ENABLE", "DISABLE"),
  Order: {
    fields: {
      name: shown("string"),
      displayName: required("string"),
      lineItems: list(shown("LineItem")),
      cancelledLineItems: list(shown("LineItem")),
      createTime: shown(TIME),
      updateTime: shown(TIME),
      etag: field("string"),
    },
  },
  LineItem: {
    fields: {
      lineItemId: shown("string"),
      lineItemInfo: shown("LineItemInfo"),
      pendingChange: shown("LineItemChange"),
      changeHistory: list(shown("LineItemChange")),
    },
  },
  LineItemChange: {
    fields: {
      changeId: shown("string"),
      changeType: required("LineItemChangeType"),
      oldLineItemInfo: shown("LineItemInfo"),
      newLineItemInfo: field("LineItemInfo"),
      changeState: shown("LineItemChangeState"),
      stateReason: shown("string"),
      changeStateReasonType: shown("LineItemChangeStateReasonType"),
      changeEffectiveTime: shown(TIME),
      createTime: shown(TIME),
      updateTime: shown(TIME),
    },
  },
  LineItemInfo: {
    fields: {
      offer: field("string"),
      parameters: list(field("Parameter")),
      subscription: shown("Subscription"),
    },
  },
  Parameter: {
    fields: { name: field("string"), value: field("Value") },
    nested: {
      Value: {
        oneofs: { kind: { oneof: ["int64Value", "stringValue", "doubleValue"] } },
        fields: { int64Value: field("int64"), stringValue: field("string"), doubleValue: field("double") },
      },
    },
  },
  Subscription: { fields: { startTime: field(TIME), endTime: field(TIME), autoRenewalEnabled: field("bool") } },
  PlaceOrderRequest: {
    fields: {
      parent: required("string"),
      displayName: required("string"),
      lineItemInfo: list(field("LineItemInfo")),
      requestId: field("string"),
    },
  },
  PlaceOrderMetadata: { fields: {} },
  GetOrderRequest: { fields: { name: required("string") } },
  ListOrdersRequest: {
    fields: {
      parent: required("string"),
      pageSize: field("int32"),
      pageToken: field("string"),
      filter: field("string"),
    },
  },
  ListOrdersResponse: { fields: { orders: list(field("Order")), nextPageToken: field("string") } },
  ModifyOrderRequest: {
    fields: {
      name: required("string"),
      modifications: list(field("Modification")),
      displayName: field("string"),
      etag: field("string"),
    },
    nested: {
      Modification: {
        fields: {
          lineItemId: required("string"),
          changeType: required("LineItemChangeType"),
          newLineItemInfo: field("LineItemInfo"),
          autoRenewalBehavior: field("AutoRenewalBehavior"),
        },
      },
    },
  },
  ModifyOrderMetadata: { fields: {} },
  ConsumerProcurementService: {
    methods: {
      PlaceOrder: {
        requestType: "PlaceOrderRequest",
        responseType: OPERATION,
        ...http({ post: "/v1/{parent=billingAccounts/*}/orders:place", body: "*" }),
      },
      GetOrder: {
        requestType: "GetOrderRequest",
        responseType: "Order",
        ...http({ get: "/v1/{name=billingAccounts/*/orders/*}" }),
      },
      ListOrders: {
        requestType: "ListOrdersRequest",
        responseType: "ListOrdersResponse",
        ...http({ get: "/v1/{parent=billingAccounts/*}/orders" }),
      },
      ModifyOrder: {
        requestType: "ModifyOrderRequest",
        responseType: OPERATION,
        ...http({ post: "/v1/{name=billingAccounts/*/orders/*}:modify", body: "*" }),
      },
      GetOperation: {
        requestType: "google.longrunning.GetOperationRequest",
        responseType: OPERATION,
        ...http({ get: "/v1/{name=billingAccounts/*/orders/*/operations/*}" }),
      },
    },
  },
};

/** A package within packages. */
const packaged = (name: string, nested: Model["nested"]): Model =>
  name
    .split(".")
    .reduceRight<Model>((inner, part) => ({ nested: { [part]: inner } }), nested === undefined ? {} : { nested });

/** The package of the API. */
export const PROCUREMENT = "google.cloud.commerce.consumer.procurement.v1";

/** The models of the API. */
export const PROCUREMENT_MODEL: Model = packaged(PROCUREMENT, MODELS);

import type { Model } from "./google-models.js";

/*
 * The Cloud Resource Manager API, v3, as far as it is used. Its own npm package is not installed, so its shape is written
 * here: from Google's REST reference of v3 (projects.search), whose fields and enums are those of
 * google/cloud/resourcemanager/v3/projects.proto in googleapis/googleapis.
 */

const shown = (type: string) => ({ type, options: { "(google.api.field_behavior)": "OUTPUT_ONLY" } });
const TIME = "google.protobuf.Timestamp";

const MODELS: Readonly<Record<string, Model>> = {
  Project: {
    fields: {
      name: shown("string"),
      parent: { type: "string" },
      projectId: { type: "string" },
      state: shown("State"),
      displayName: { type: "string" },
      createTime: shown(TIME),
      updateTime: shown(TIME),
      deleteTime: shown(TIME),
      etag: shown("string"),
      labels: { type: "string", keyType: "string" },
    },
    nested: { State: { values: { STATE_UNSPECIFIED: 0, ACTIVE: 1, DELETE_REQUESTED: 2 } } },
  },
  SearchProjectsRequest: {
    fields: { query: { type: "string" }, pageToken: { type: "string" }, pageSize: { type: "int32" } },
  },
  SearchProjectsResponse: {
    fields: { projects: { type: "Project", rule: "repeated" }, nextPageToken: { type: "string" } },
  },
  Projects: {
    methods: {
      SearchProjects: {
        requestType: "SearchProjectsRequest",
        responseType: "SearchProjectsResponse",
        parsedOptions: [{ "(google.api.http)": { get: "/v3/projects:search" } }],
      },
    },
  },
};

const PACKAGE = ["google", "cloud", "resourcemanager", "v3"];

/** The package of the models. */
export const RESOURCE_MANAGER = PACKAGE.join(".");

/** The models in their package. */
export const RESOURCE_MANAGER_MODEL = PACKAGE.reduceRight<Model>((inner, name) => ({ nested: { [name]: inner } }), {
  nested: MODELS,
});

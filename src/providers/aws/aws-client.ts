/** Which account and region a client has to belong to. */
export interface AwsTarget {
  /** 12-digit account id. */
  readonly account: string;
  /** Such as `eu-west-1`; `"global"` for Savings Plans that belong to no region. */
  readonly region: string;
}

/** An access key, as the SDK resolves it. */
export interface AwsIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The part of a client's resolved configuration that is read here; every AWS SDK v3 client has it. */
export interface AwsClientConfig {
  readonly credentials: () => Promise<AwsIdentity>;
  readonly region: () => Promise<string>;
  /** Set if the caller gave the client a custom endpoint. */
  readonly endpoint?: (() => Promise<AwsEndpoint>) | undefined;
  readonly isCustomEndpoint?: boolean | undefined;
  readonly requestHandler: { handle(request: never, options?: never): Promise<unknown> };
}

/** A parsed endpoint address, as the SDK keeps it. */
export interface AwsEndpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
}

/** Any AWS SDK v3 client, as far as its configuration goes. */
export interface AwsClient {
  readonly config: AwsClientConfig;
}

/** In which project and region a commitment is bought. */
export interface GcpTarget {
  /** The project id. */
  readonly account: string;
  /** Such as `us-central1`. */
  readonly region: string;
}

/** The call options of Google's clients, as far as they are used here. */
export interface GcpCallOptions {
  /** Milliseconds. */
  readonly timeout: number;
  /** Switches the client's own retries off. */
  readonly retry: null;
}

/** The call options of a listing, which is asked for page by page. */
export interface GcpListOptions extends GcpCallOptions {
  readonly autoPaginate: false;
}

/** A `RegionCommitmentsClient` of @google-cloud/compute, as far as it is needed here. */
export interface RegionCommitments {
  get(
    request: { project: string; region: string; commitment: string },
    options: GcpCallOptions,
  ): Promise<readonly [unknown, ...unknown[]]>;
  insert(
    request: { project: string; region: string; requestId: string; commitmentResource: GcpCommitmentResource },
    options: GcpCallOptions,
  ): Promise<readonly [unknown, ...unknown[]]>;
  /**
   * Tells what became of a commitment that was merged or split, and needs `compute.commitments.list`. Without this
   * call, a person is asked about each commitment that is `CANCELLED`.
   */
  list?(
    request: { project: string; region: string; maxResults: number; pageToken?: string },
    options: GcpListOptions,
  ): Promise<readonly [unknown, ...unknown[]]>;
}

/** A `RegionOperationsClient` of @google-cloud/compute, as far as it is needed here. */
export interface RegionOperations {
  get(
    request: { project: string; region: string; operation: string },
    options: GcpCallOptions,
  ): Promise<readonly [unknown, ...unknown[]]>;
}

/** A `RecommenderClient` of @google-cloud/recommender, as far as it is needed here. */
export interface Recommender {
  getRecommendation(request: { name: string }, options: GcpCallOptions): Promise<readonly [unknown, ...unknown[]]>;
  markRecommendationClaimed(
    request: RecommendationMark,
    options: GcpCallOptions,
  ): Promise<readonly [unknown, ...unknown[]]>;
  markRecommendationSucceeded(
    request: RecommendationMark,
    options: GcpCallOptions,
  ): Promise<readonly [unknown, ...unknown[]]>;
  markRecommendationFailed(
    request: RecommendationMark,
    options: GcpCallOptions,
  ): Promise<readonly [unknown, ...unknown[]]>;
}

/** A mark of a recommendation; the etag is the lock. */
export interface RecommendationMark {
  name: string;
  etag: string;
  stateMetadata: { [key: string]: string };
}

/** The commitment of an insert, with 64-bit numbers as text. What a line does not state is left out. */
export interface GcpCommitmentResource {
  name: string;
  plan: string;
  type?: string;
  category: string;
  autoRenew: boolean;
  description: string;
  resources?: { type: string; amount: string; acceleratorType?: string }[];
  licenseResource?: { license: string; amount: string; coresPerLicense?: string };
  existingReservations?: string[];
  reservations?: GcpReservationResource[];
  customEndTimestamp?: string;
  mergeSourceCommitments?: string[];
  splitSourceCommitment?: string;
}

/** A reservation that is made with a commitment, with 64-bit numbers as text. */
export interface GcpReservationResource {
  name: string;
  zone: string;
  specificReservationRequired: boolean;
  specificReservation: {
    count: string;
    instanceProperties: {
      machineType: string;
      minCpuPlatform?: string;
      guestAccelerators?: { acceleratorType: string; acceleratorCount: number }[];
      localSsds?: { diskSizeGb: string; interface: string }[];
    };
  };
}

/** The clients of one project and region. */
export interface GcpClients {
  readonly commitments: RegionCommitments;
  readonly operations: RegionOperations;
  /** Needed for lines that follow a recommendation. */
  readonly recommender?: Recommender;
}

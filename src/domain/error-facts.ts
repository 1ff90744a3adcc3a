/** Whether money has moved: `no`, `maybe` if nobody knows, or `yes`. */
export type MoneyMoved = "no" | "maybe" | "yes";

/** The facts about one error code. They are the source of docs/errors.md. */
export interface ErrorFacts {
  /** Whether the same call may succeed later although nobody changes anything. */
  readonly retryable: boolean;
  /** The least that each occurrence says. An occurrence with more evidence says more. */
  readonly moneyMoved: MoneyMoved;
  /** When the error happens. */
  readonly when: string;
  /** What to do next. */
  readonly remediation: string;
}

/** The situations in which the library refuses or gives up. Each has one stable code. */
export const ERROR_FACTS = {
  INVALID_REQUEST: {
    retryable: false,
    moneyMoved: "no",
    when: "A line, a request key, an argument or an option is missing, unknown, contradictory or out of range. Nothing was stored or sent.",
    remediation: "Correct every field listed in details.problems and call again.",
  },
  PURCHASE_NOT_SUPPORTED: {
    retryable: false,
    moneyMoved: "no",
    when: "The cloud sells this commitment in its console only, so no API can buy it. Or the commitment is bought as another service.",
    remediation: "Follow details.instead.",
  },
  REQUEST_KEY_CONFLICT: {
    retryable: false,
    moneyMoved: "no",
    when: "The request key is already in use with other content. If the submitter may read that execution, it is error.current, and details.differs names the parts that differ.",
    remediation: "Use a new request key for a new basket, or submit the first content again to get its execution.",
  },
  PROVIDER_NOT_REGISTERED: {
    retryable: false,
    moneyMoved: "no",
    when: "The engine has no provider for the service of a line. Explain and resolve work without a provider.",
    remediation: "Pass the provider of that service to createPurchaseEngine.",
  },
  EXECUTION_NOT_FOUND: {
    retryable: false,
    moneyMoved: "no",
    when: "No execution has this id, or the reader may not read it.",
    remediation: "Check the id and the reader's rights. Check which database and schema the store uses.",
  },
  NOT_AUTHORIZED: {
    retryable: false,
    moneyMoved: "maybe",
    when: "The authorize option does not let the actor do this, or under fourEyes the actor made a part of what it would approve. The error says the same whether or not the execution exists, so it says nothing about money.",
    remediation: "This call changed nothing. Let somebody decide who may, or give the actor the right.",
  },
  DECISION_TOKEN_INVALID: {
    retryable: false,
    moneyMoved: "maybe",
    when: "A decision link does not decide: its token is malformed, unknown, expired, revoked or for somebody else, or its recipient may not decide. The error says no more, so it says nothing about money.",
    remediation: "This call changed nothing. Ask for a new link, or decide in a session.",
  },
  ACTOR_REQUIRED: {
    retryable: false,
    moneyMoved: "no",
    when: "The rules of this engine need to know who decides, and a decision link was used without an authenticated actor. Whether the link is valid was not looked up.",
    remediation: "Let the person sign in, and pass the session's actor to decideByToken.",
  },
  CONTENT_DIFFERS: {
    retryable: false,
    moneyMoved: "no",
    when: "An approval states the fingerprint of other content than the execution has. Nothing was approved.",
    remediation: "Show the approver error.current, and approve with its contentFingerprint.",
  },
  EXECUTION_NOT_IN_EXPECTED_STATUS: {
    retryable: false,
    moneyMoved: "no",
    when: "The execution does not have a status that the call needs, a live worker holds it, or its time for approval is over.",
    remediation: "This call changed nothing. Read the status and the lines in error.current, and decide again.",
  },
  ILLEGAL_TRANSITION: {
    retryable: false,
    moneyMoved: "no",
    when: "The transition table does not contain the requested move.",
    remediation: "Choose a move of docs/state-machine.md.",
  },
  STATUS_NOT_PROVED_BY_LINES: {
    retryable: false,
    moneyMoved: "no",
    when: "The requested end status does not follow from the execution's lines.",
    remediation: "Let run, reconcile or tick settle the execution, or resolve the lines first.",
  },
  CONCURRENT_CHANGE: {
    retryable: true,
    moneyMoved: "maybe",
    when: "Other writers changed the execution each time this call tried. They may be workers that buy.",
    remediation: "This call changed nothing. Call again.",
  },
  ACCOUNT_MISMATCH: {
    retryable: false,
    moneyMoved: "no",
    when: "The credentials of the client belong to another account than the line's, or the client is set to another region.",
    remediation: "Make clientFor(target) return a client with credentials of target.account, set to target.region.",
  },
  ACCOUNT_CHECK_FAILED: {
    retryable: true,
    moneyMoved: "no",
    when: "The library could not find out which account the client's credentials belong to.",
    remediation: "Install @aws-sdk/client-sts or pass stsClientFor, and allow sts:GetCallerIdentity.",
  },
  LOOKUP_FAILED: {
    retryable: true,
    moneyMoved: "no",
    when: "The cloud did not say whether the commitment already exists. A failed lookup never counts as absence.",
    remediation: "Restore read access to the service's commitments. The next tick looks again.",
  },
  PREPARE_FAILED: {
    retryable: true,
    moneyMoved: "no",
    when: "Finding the offering, its price or the inventory failed before anything was sent.",
    remediation: "Correct what the message names, such as a right that is missing. The next tick tries again.",
  },
  LABEL_FAILED: {
    retryable: true,
    moneyMoved: "yes",
    when: "A recorded commitment could not be labeled with its token at the cloud.",
    remediation: "Allow tagging (ec2:CreateTags, savingsplans:TagResource). Later ticks try again.",
  },
  OFFERING_NOT_FOUND: {
    retryable: false,
    moneyMoved: "no",
    when: "The cloud sells no offering that matches the line exactly.",
    remediation: "Check the line against the cloud's offerings in that region, then submit a corrected basket.",
  },
  OFFERING_AMBIGUOUS: {
    retryable: false,
    moneyMoved: "no",
    when: "More than one offering matches the line. The library does not choose one.",
    remediation: "State the line more precisely. details.offerings lists the candidates.",
  },
  OFFERING_PAGES_EXCEEDED: {
    retryable: false,
    moneyMoved: "no",
    when: "A listing did not end within its page cap, or returned the same page token twice.",
    remediation: "Raise the cap named in details, or report the endless listing to the cloud.",
  },
  PURCHASE_REFUSED: {
    retryable: false,
    moneyMoved: "no",
    when: "The cloud's own check before the purchase says that the cloud would refuse the purchase.",
    remediation: "Read details.reasonCode, correct the line or the account, and submit again.",
  },
  RECOMMENDATION_TAKEN: {
    retryable: false,
    moneyMoved: "no",
    when: "The recommendation that the line follows is no longer as it was approved: somebody else claimed it, or it has changed.",
    remediation:
      "Read details.stateMetadata for who claimed it. List the recommendations again and submit those that are still open.",
  },
  PERMISSION_DENIED: {
    retryable: true,
    moneyMoved: "no",
    when: "The cloud denies a read or a preparatory call. A denied call never counts as an empty answer.",
    remediation: "Grant the permissions that the adapter's documentation lists. The next tick tries again.",
  },
  PRICE_DRIFT: {
    retryable: false,
    moneyMoved: "no",
    when: "The cloud's price lies outside the line's tolerance around its expected price. On a planned line: the line waits until people accept the price.",
    remediation:
      "Compare details.expected with details.actual, and submit again with the price that you approve. A line that waits needs approve with acceptPrices, or cancel.",
  },
  PRICE_DIFFERS: {
    retryable: false,
    moneyMoved: "no",
    when: "A person accepts a price for a line that is not the price that was found, or the line waits for none. Nothing was accepted.",
    remediation: "Read details.found, and accept exactly that price, or cancel.",
  },
  FINGERPRINT_MISMATCH: {
    retryable: false,
    moneyMoved: "no",
    when: "A stored line no longer matches the fingerprint of the approved line.",
    remediation: "Find out who changed the row. The changed line is never bought.",
  },
  COMMITMENT_CONFLICT: {
    retryable: false,
    moneyMoved: "maybe",
    when: "The cloud has a commitment under this line's token or name, and that commitment differs from the line.",
    remediation: "Compare both sides in details. Resolve the line by hand, or retry it under a new submission.",
  },
  NAME_SPENT: {
    retryable: false,
    moneyMoved: "maybe",
    when: "Every name that this line may use belongs to a commitment that the cloud calls void: its payment failed, or it was deleted while it was queued. Clouds never free a name.",
    remediation: "Find out why the purchase failed, then call retry. Each retry by a person unlocks one more name.",
  },
  GIVEN_UP: {
    retryable: false,
    moneyMoved: "no",
    when: "Ten requests for a line had no clear answer. Each was proved not to have landed.",
    remediation: "Read in the trail what the cloud said each time. Correct the cause, then retry.",
  },
  NOT_SENT: {
    retryable: true,
    moneyMoved: "no",
    when: "A permit ran out, the lease ended, the kill switch was on or the call was aborted before the request left.",
    remediation: "Nothing to do: a later run buys the line.",
  },
  PERMIT_SPENT: {
    retryable: false,
    moneyMoved: "maybe",
    when: "A purchase permit was used a second time, or was not minted by a write-ahead. The purchase of its first use may be bought.",
    remediation: "Never keep permits; let purchaseOnce hand them to the provider.",
  },
  PURCHASE_NOT_RECORDED: {
    retryable: true,
    moneyMoved: "yes",
    when: "The cloud confirmed a purchase, but the store refused or failed to record it. The evidence is in details and in the log.",
    remediation: "Keep the logged evidence, restore the store and call reconcile. It adopts the line.",
  },
  DUPLICATE_COMMITMENT: {
    retryable: false,
    moneyMoved: "yes",
    when: "A second commitment was found for a line that already has one.",
    remediation: "Compare both ids in details with the cloud. Cancel one of the two while it is queued or returnable.",
  },
  RESOLUTION_REFUSED: {
    retryable: false,
    moneyMoved: "maybe",
    when: "A person's resolution does not fit: evidence is missing, the cloud's own answer to this line or another line contradicts it, or it says that nothing was bought while a request may still land.",
    remediation:
      "Call explain to see the line's state. Bring the commitment ids or the proof of absence. Absence counts after the time in the message.",
  },
  RETRY_REFUSED: {
    retryable: false,
    moneyMoved: "no",
    when: "A retry is not possible: the execution is retried already, a line is in doubt, the cause persists, or there were too many attempts (after 100 a forced retry is refused too).",
    remediation:
      "Read details.gate for the reason, and details.opsHint for what to do. The message says how to lift that gate.",
  },
  CANCEL_QUEUED_REFUSED: {
    retryable: false,
    moneyMoved: "no",
    when: "A purchase cannot be withdrawn: nothing was bought, it was not queued, or it has started.",
    remediation:
      "Read details.gate for the reason. A commitment that has started can only be settled with the cloud's support.",
  },
  CANCEL_QUEUED_FAILED: {
    retryable: true,
    moneyMoved: "maybe",
    when: "The cloud did not confirm that a queued purchase is withdrawn. The purchase may start at its time.",
    remediation:
      "Call cancelQueued again before the purchase starts. The call does no harm if the purchase is withdrawn already.",
  },
  INVALID_SCHEMA: {
    retryable: false,
    moneyMoved: "no",
    when: "The database schema is missing, damaged or of another version, or the server or role cannot hold it.",
    remediation:
      "Do what the message says. If the schema is only behind or damaged, run migrate with this version of buyonce.",
  },
  STORE_IN_TRANSACTION: {
    retryable: false,
    moneyMoved: "no",
    when: "A purchase was about to be sent over a store whose client has an open transaction. A rollback would forget the purchase.",
    remediation: "Call run and tick over a pool, after the commit. Use a transaction for decisions only (withStore).",
  },
  STORE_READ_ONLY: {
    retryable: true,
    moneyMoved: "maybe",
    when: "The database takes no writes: the server is a replica, or the session or the SQLite file is read-only. Nothing more was stored or sent. What was sent before the call, or earlier in it, may be bought.",
    remediation:
      "Connect to the primary server, read-write. During a failover, the next tick goes on once there is a primary again. Let the process write to a SQLite file, and to its folder.",
  },
  STORE_WRITE_FAILED: {
    retryable: true,
    moneyMoved: "maybe",
    when: "The store answered none of a few tries to write a change. The change may be stored or not.",
    remediation:
      "Correct what error.cause names. After the lease, the next tick reads what was stored and goes on from there. Nothing is sent on a guess.",
  },
  STORE_BUSY: {
    retryable: true,
    moneyMoved: "maybe",
    when: "Another transaction kept a SQLite file locked for longer than the store's busyTimeoutMs. Nothing more was stored or sent. What was sent before the call, or earlier in it, may be bought.",
    remediation:
      "Find the transaction that stays open: another program, or a slow function in sqliteTransaction. The next tick goes on once the file is free.",
  },
  UNSAFE_DATABASE: {
    retryable: false,
    moneyMoved: "maybe",
    when: "A SQLite database cannot keep purchases safe: it has no file, its file is on a network file system, has several names or was replaced while it was open, its SQLite is an old release that can corrupt the file, or it does not take a setting. Nothing more was stored or sent. What was sent before the call, or earlier in it, may be bought.",
    remediation:
      "Do what the message says: a file with one name on a local disk, and Node.js 22.22.3, 24.15 or newer of their lines, or 26; or better-sqlite3 12.11 or newer. Use buyonce/postgres for several machines.",
  },
  STORE_LOCKED: {
    retryable: false,
    moneyMoved: "no",
    when: "Another process, instance, machine or container uses the data folder, or may still use it.",
    remediation:
      "Close the store there, or use PostgreSQL for several processes (buyonce/embedded on one machine, buyonce/postgres on several). If the other user is certainly gone, delete the files that the message names.",
  },
  LOCAL_SERVER_FAILED: {
    retryable: false,
    moneyMoved: "no",
    when: "The local PostgreSQL server of buyonce/embedded could not be created, started or reached, or the folder of buyonce/pglite could not be opened.",
    remediation:
      "Correct what the message quotes from PostgreSQL (disk full, rights, memory, port), and call again. The data stays as it was.",
  },
  DURABILITY_NOT_ACKNOWLEDGED: {
    retryable: false,
    moneyMoved: "no",
    when: "PGlite was asked for a folder without the acknowledgement that a power failure can lose its last commits.",
    remediation: "Use buyonce/embedded for purchases that matter, or pass acceptLossOnPowerFailure: true.",
  },
  DEPENDENCY_MISSING: {
    retryable: true,
    moneyMoved: "no",
    when: "An optional peer package that this call needs is not installed.",
    remediation: "Install the package named in the message.",
  },
  APPROVALS_MISSING: {
    retryable: false,
    moneyMoved: "no",
    when: "Fewer different people have approved than the execution needs. On a line: it waits for them. Nothing was approved by this call, and nothing was sent.",
    remediation: "Let more people call engine.approve. Each person counts once; details say how many there are.",
  },
  NEED_ALREADY_COVERED: {
    retryable: false,
    moneyMoved: "no",
    when: "Another basket covers the need of a line: it is approved, scheduled, running, in doubt, or was bought a short time ago. Nothing was approved, and submit has stored nothing.",
    remediation:
      "Read details.covered. If the other basket is enough, cancel this one, unless submit refused it: then it is not stored. To buy both, submit the line again with allowOverlap and the reason.",
  },
  PLAN_STEP_TAKEN: {
    retryable: false,
    moneyMoved: "no",
    when: "Another basket has this step of the plan or a later one, or steps before it are missing. Nothing was approved.",
    remediation:
      "Read details: the execution that has the step. Cancel this basket, or submit it with the step that comes next. To leave steps out, state plan.skipStep with the reason.",
  },
  LIMIT_EXCEEDED: {
    retryable: false,
    moneyMoved: "no",
    when: "A spending limit does not allow what the execution would commit in this period. Nothing was approved.",
    remediation:
      "Read details.exceeded. Approve it in a later period, cancel what holds the rest of the limit, or raise the limit with changeLimits.",
  },
  LIMIT_UNKNOWN_AMOUNT: {
    retryable: false,
    moneyMoved: "no",
    when: "A spending limit cannot count the price of a line: it is in another currency, or unreadable. Nothing was approved.",
    remediation:
      "Read details.uncounted. Submit the line with its price in the limit's currency, or give its scope a limit in the line's currency.",
  },
  LIMIT_DEFINITION_DIFFERS: {
    retryable: false,
    moneyMoved: "no",
    when: "The spending limits of this engine are not those that are stored. Another process has other limits, or none are stored yet and the decision is part of your transaction. Nothing was approved.",
    remediation:
      "Give all processes the same limits. If none are stored, call engine.limits() once outside of your transaction. To replace the stored ones by those of this engine, call changeLimits with who does it and why.",
  },
  FROZEN: {
    retryable: true,
    moneyMoved: "no",
    when: "On a line: a person or the breaker froze its cloud, service or account. So nothing was sent.",
    remediation:
      "Nothing to do while the freeze is meant. Call unfreeze to lift it. Then run buys the line at once, and tick at the time that explain names.",
  },
  NOT_SETTLED_IN_TIME: {
    retryable: true,
    moneyMoved: "maybe",
    when: "The time of waitUntilSettled is over, and the execution has not ended. The error has it in current, as it was read last.",
    remediation: "Check that something runs or ticks it. Read explain for what it waits for, then wait again.",
  },
  LANE_BUSY: {
    retryable: true,
    moneyMoved: "no",
    when: "On a line: another line is not settled yet, and its purchase could be mistaken for this line's. So nothing was sent. The message names the other line.",
    remediation: "Nothing to do if the other line settles by itself. Resolve the other line if it waits for a person.",
  },
  APPROVAL_LAPSED: {
    retryable: false,
    moneyMoved: "no",
    when: "On a line: the approval is older than approvalLifetimeMs. The line waits for a new approval.",
    remediation: "Call approve again.",
  },
  APPROVER_NOT_AUTHORIZED: {
    retryable: false,
    moneyMoved: "no",
    when: "On a line: the execution is approved, but the rules as they are now do not let its approver approve it. Nothing was sent.",
    remediation: "Let somebody approve who may, by calling approve again. Or give the approver the right back.",
  },
  COLLECTION_FAILED: {
    retryable: true,
    moneyMoved: "no",
    when: "No part of a collection of recommendations arrived. details.failures names the parts, and why each failed.",
    remediation: "Correct the rights or the settings that details.failures names, and collect again.",
  },
  COLLECTION_CANCELED: {
    retryable: true,
    moneyMoved: "no",
    when: "The signal of a collection of recommendations aborted before the collection was complete.",
    remediation:
      "Collect again. What the canceled run stored stays, and nothing was removed for what it did not reach.",
  },
  COLLECTION_LOST: {
    retryable: false,
    moneyMoved: "no",
    when: "Another run has the mark of this collection: the run took too long, or its payload was delivered twice. It stores nothing any more.",
    remediation: "Nothing to do: the other run collects. If runs are often lost, raise ttlMs.",
  },
  COLLECTION_NOT_HANDED_OVER: {
    retryable: true,
    moneyMoved: "no",
    when: "The trigger could not hand a collection of recommendations over to whoever runs it. No run is marked as started.",
    remediation: "Read error.cause, and refresh again.",
  },
  RESOLVED_NOT_BOUGHT: {
    retryable: false,
    moneyMoved: "maybe",
    when: "On a line: a person said that nothing was bought, with the note in the message. A person can be wrong.",
    remediation:
      "Call retry to buy the line after all. Before it buys, it compares the cloud with what was known. If a purchase is found, resolve the line again with its ids.",
  },
} as const satisfies Readonly<Record<string, ErrorFacts>>;

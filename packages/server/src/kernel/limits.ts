/**
 * Every bound of the system, by name. `defaultLimits` holds what the configuration may change; the constants below
 * it are part of the contract and the same everywhere.
 *
 * One file because a bound is looked up here, and nowhere else.
 */
export const defaultLimits = {
  /** Bytes of one request body. */
  bodyBytesMax: 1_048_576,
  /** Waiting and running runs of one project; one more add is answered 429. */
  queueDepthMax: 1_000_000,
  /** Runs processed at the same time by one process. */
  runConcurrencyMax: 16,
  /** Failed attempts of a run until it fails for good. */
  runFailureCountMax: 5,
  /** Times a run may be interrupted (crash, lost lease) until it fails for good: a run that kills its process must not do so for ever. */
  runInterruptionCountMax: 20,
  /** Time of a run from its first attempt to its end, unless it asks for less or more. */
  runTimeoutMs: 24 * 3_600_000,
  /** Time for one attempt of one step; in extraction, for each input. */
  stepTimeoutMs: 120_000,
  /** A claim not renewed for this long is given to another worker. */
  leaseMs: 60_000,
  /** First wait before a retry; it doubles with each failure, with full jitter. */
  retryBaseMs: 500,
  /** Longest wait before a retry. */
  retryMaxMs: 60_000,
  /** `/ready` fails when the oldest waiting run is older than this. */
  oldestWaitingMsMax: 300_000,
  /** How long a stopping server waits for the runs in hand; the rest continues at the next start. */
  drainMs: 10_000,
  /** Streams and waits open at once in one process; one more is answered 503. */
  streamCountMax: 20_000,
  /** Bytes that wait for the reader of one stream; with more it is cut off. */
  streamBufferBytesMax: 262_144,
  /** An idempotency key is remembered this long. */
  idempotencyRetentionMs: 7 * 24 * 3_600_000,
  /** Runs are removed this long after their end, not before their idempotency key; 0 here and below: kept for good. */
  runRetentionMs: 0,
  /** Events are removed at this age, but for the last one of a run. */
  eventRetentionMs: 0,
  /** Earlier versions of memories are removed this long after they were replaced. */
  versionRetentionMs: 0,
  /** Deliveries to webhooks are removed this long after their end. */
  deliveryRetentionMs: 0,
  /** Transactions of credits are removed at this age, whole months of them; their balance is carried forward. */
  ledgerRetentionMs: 0,
  /** Endpoints of one project. */
  webhookCountMax: 20,
  /** Deliveries attempted at the same time by one process. */
  webhookConcurrencyMax: 128,
  /** Uses of one inbound webhook in a minute; one more is answered 429. */
  triggerRateMax: 30,
  /** Time for one attempt of a delivery, from the look-up of the name to the end of the answer. */
  webhookTimeoutMs: 15_000,
  /** Time for one call to a language model, from the request to the end of the answer. */
  modelTimeoutMs: 120_000,
  /** Bytes of a file that is read as a document. */
  fileBytesMax: 26_214_400,
  /** Time for reading a file. */
  fileTimeoutMs: 60_000,
} as const satisfies Record<string, number>

export type Limits = { readonly [name in keyof typeof defaultLimits]: number }

/** Inputs in one add: strings, pre-extracted items or messages. */
export const BATCH_COUNT_MAX = 1_000
/** Characters (Unicode code points) of one text, item or message. */
export const TEXT_LENGTH_MAX = 100_000
/** Characters of a name: user, group, topic, property key, message id, speaker. */
export const NAME_LENGTH_MAX = 256
/** Characters of a property value. */
export const PROPERTY_LENGTH_MAX = 1_024
/** Properties of one add, search or list. */
export const PROPERTY_COUNT_MAX = 32
/** Characters of a search query. */
export const QUERY_LENGTH_MAX = 10_000
/** Distinct terms of a query that are looked up; the longest, which are the rarest as a rule, are kept. */
export const QUERY_TERM_COUNT_MAX = 64
/** Entries of a topics filter, and topics of a group. */
export const TOPIC_COUNT_MAX = 64
/** Steps of a pipeline. */
export const PIPELINE_STEP_COUNT_MAX = 16
/** Runs that a buffer holds; it goes on when it has as many, whatever its trigger. */
export const BUFFER_COUNT_MAX = 1_000
/** Statements found by the runs of a buffer; it goes on when it has as many, whatever its trigger. */
export const BUFFER_STATEMENT_COUNT_MAX = 20_000
/** A buffer of an earlier version of its group that waits for a count alone goes on after this time. */
export const BUFFER_OUTDATED_MS = 900_000
/** Buffers that one call makes go on in one transaction. */
export const BUFFER_FLUSH_COUNT_MAX = 1_000
/** Tags of one run. */
export const TAG_COUNT_MAX = 16
/** Characters of the metadata of a run, as JSON. */
export const METADATA_LENGTH_MAX = 8_192
/** Characters of the reason of a cancellation. */
export const REASON_LENGTH_MAX = 1_024
/** Runs that one bulk operation may be about. */
export const BULK_RUN_COUNT_MAX = 100_000
/** Time of a bulk operation. */
export const BULK_TIMEOUT_MS = 24 * 3_600_000
/** The greatest priority a run may ask for. */
export const PRIORITY_MAX = 100
/** The longest delay, time to live and timeout a run may ask for. */
export const RUN_WAIT_MS_MAX = 365 * 24 * 3_600_000
/** Memories or runs in one answer. */
export const PAGE_COUNT_MAX = 100
/** Runs that one page of a filtered list looks at; the next page goes on from there. */
export const RUN_SCAN_COUNT_MAX = 10_000
/** Memories in one answer that has no pages, on wires that know none. */
export const WHOLE_LIST_COUNT_MAX = 100_000
/** Seconds a request may wait for a run. */
export const WAIT_SECONDS_MAX = 60
/** Events that one read for those who follow takes from the store. */
export const EVENT_PAGE_COUNT = 200
/** Events that one page of a filtered list looks at; the next page goes on from there. */
export const EVENT_SCAN_COUNT_MAX = 1_000
/** Types that a filter of events may name. */
export const EVENT_TYPE_COUNT_MAX = 32
/** An open stream says at least this often that it is alive. */
export const STREAM_HEARTBEAT_MS = 15_000
/** A stream whose reader takes nothing for so long is cut off. */
export const STREAM_STALL_MS = 30_000
/** How long a stream that is being closed may take to hand over what waits. */
export const STREAM_CLOSE_MS = 2_000
/** Ended runs that a statistic is read from; of more, a sample is. */
export const STAT_SAMPLE_COUNT_MAX = 5_000
/** Characters of a step's output, as JSON, that are shown. */
export const STEP_OUTPUT_LENGTH_MAX = 65_536
/** Fields of a form, besides its file. */
export const FORM_FIELD_COUNT_MAX = 64
/** Nesting of a JSON body. */
export const JSON_DEPTH_MAX = 32
/** Entries of `errors` in one problem document. */
export const PROBLEM_ERROR_COUNT_MAX = 20
/** Statements one input may give. */
export const STATEMENT_COUNT_MAX = 5_000
/** Characters of one statement, hence of one memory. */
export const STATEMENT_LENGTH_MAX = 100_000
/** Characters of the one memory of a bounded topic. */
export const BOUNDED_LENGTH_MAX = 1_000
/** Times a commit may find that a memory moved under it until the attempt counts as failed. */
export const COMMIT_CONFLICT_COUNT_MAX = 10
/** Writes that share one transaction at most. */
export const GROUP_COMMIT_COUNT_MAX = 256
/** Sources a memory keeps: the first and the latest. */
export const SOURCE_COUNT_MAX = 32
/** Characters of an index term; what is longer is cut. */
export const TERM_LENGTH_MAX = 64
/** Characters of a content key; a longer one is a digest. */
export const CONTENT_KEY_LENGTH_MAX = 200
/** Positions beside a found document that a search looks at. */
export const NEIGHBOUR_COUNT_MAX = 8
/** Characters of a location in a problem document: members of a body may have names of any length. */
export const PROBLEM_LOCATION_LENGTH_MAX = 200
/** Groups, users and partitions of a project that are counted one by one when it is shown; beyond that the counts are lower bounds. */
export const PROJECT_COUNT_MAX = 20_000
/** Rows that go in one transaction while a project is removed. */
export const REMOVAL_ROW_COUNT_MAX = 500
/** Days of usage in one answer. */
export const USAGE_DAY_COUNT_MAX = 366
/** Searches are counted in memory and written this often. */
export const USAGE_FLUSH_MS = 5_000
/** Seconds that a rotated key, or the secret of a webhook, may go on working. */
export const KEY_GRACE_SECONDS_MAX = 2_592_000
/** Runs in one state, and webhook deliveries, that a scrape of the metrics counts; more of them show as this many. */
export const METRIC_COUNT_MAX = 100_000
/** Spans that wait for the collector; what does not fit is dropped. */
export const TRACE_QUEUE_COUNT_MAX = 4_096
/** How long a stopping server lets the collector take what is left. */
export const TRACE_DRAIN_MS = 2_000
/** A request that has not arrived whole by then is refused. */
export const REQUEST_TIMEOUT_MS = 60_000
/** With less room than this on its disk the server is not ready. */
export const DISK_FREE_BYTES_MIN = 16_777_216
/** What is wrong by one check of the store is counted up to this. */
export const WRONG_COUNT_MAX = 1_000
/** Examples told of what is wrong by one check. */
export const WRONG_EXAMPLE_COUNT_MAX = 5
/** Attempts of a delivery until it is given up. */
export const WEBHOOK_ATTEMPT_COUNT_MAX = 12
/** A delivery that fails this long after its event is given up. */
export const WEBHOOK_RETRY_MS = 3 * 24 * 3_600_000
/** Deliveries to one endpoint at the same time; an endpoint that failed last gets one. */
export const WEBHOOK_ENDPOINT_CONCURRENCY_MAX = 8
/** Redirects that a delivery follows. */
export const WEBHOOK_REDIRECT_COUNT_MAX = 3
/** Bytes of an endpoint's answer that are read and kept. */
export const WEBHOOK_RESPONSE_BYTES_MAX = 1_024
/** Operations of a run that a delivery lists. */
export const WEBHOOK_OPERATION_COUNT_MAX = 1_000
/** Characters of the address of an endpoint. */
export const WEBHOOK_URL_LENGTH_MAX = 2_048
/** Dead deliveries that one replay of all makes pending again. */
export const WEBHOOK_REPLAY_COUNT_MAX = 1_000
/** How long a stopping server waits for deliveries in hand; those are made again at the next start. */
export const WEBHOOK_DRAIN_MS = 1_000
/** A signature that tells its time is good this long before and after it. */
export const SIGNATURE_AGE_MS_MAX = 300_000
/** Bytes of a language model's answer as it is sent; of an error too. */
export const MODEL_ANSWER_BYTES_MAX = 16_777_216
/** Characters that are kept of what a model provider says about an error, and of arguments of a tool that cannot be used. */
export const MODEL_MESSAGE_LENGTH_MAX = 500
/** The longest wait that a model provider may ask for. */
export const MODEL_RETRY_AFTER_MS_MAX = 3_600_000
/** Memories that the built-in model lists in an answer. */
export const RECALL_COUNT_MAX = 10
/** Rows that one piece of an erasure looks at or removes. */
export const ERASE_PIECE_COUNT_MAX = 500
/** Times an erasure tries to empty the log while somebody reads an older state. */
export const ERASE_SCRUB_TRY_COUNT_MAX = 240
/** Time for a whole erasure. */
export const ERASE_TIMEOUT_MS = 7 * 24 * 3_600_000
/** Operations and conflicts that the result of a run shows; they are counted all. */
export const RESULT_COUNT_MAX = 500
/** Characters of a text in the result of a run; what is longer is cut. */
export const RESULT_TEXT_LENGTH_MAX = 500
/** Memories of a user, or of nobody, that a search of the past looks through. */
export const AS_OF_DOCUMENT_COUNT_MAX = 10_000
/** Bytes of one part of an import. */
export const IMPORT_BYTES_MAX = 33_554_432
/** Records that one piece of an import takes in. */
export const IMPORT_PIECE_COUNT_MAX = 100
/** Records that an export reads at once. */
export const EXPORT_PAGE_COUNT_MAX = 100
/** Exports that are read at the same time; each keeps an older state of the store. */
export const EXPORT_COUNT_MAX = 4
/** An export whose reader takes nothing for this long is ended. */
export const EXPORT_STALL_MS = 60_000
/** Messages of one conversation. */
export const CONVERSATION_MESSAGE_COUNT_MAX = 100_000
/** Turns of one transcript. */
export const TRANSCRIPT_TURN_COUNT_MAX = 5_000
/** Characters of the metadata, and of the analysis, of a conversation, as JSON. */
export const CONVERSATION_DETAIL_LENGTH_MAX = 65_536
/** A message that comes later than this after the one before begins a new session, unless it names one. */
export const CONVERSATION_SESSION_IDLE_MS = 1_800_000
/** Rows of a removed conversation that go in one transaction. */
export const CONVERSATION_CLEAR_COUNT = 500
/** Messages that the context of a conversation shows as they were said. */
export const RECENT_MESSAGE_COUNT_MAX = 50
/** Turns that come with what is found for a conversation. */
export const RECENT_TURN_COUNT_MAX = 20
/** Memories in one answer of a context, and questions in one request for it. */
export const CONTEXT_RESULT_COUNT_MAX = 50
export const CONTEXT_QUERY_COUNT_MAX = 16
/** Events in one report of a client. */
export const TELEMETRY_EVENT_COUNT_MAX = 1_000
/** Memories that the profile of a user is read from. */
export const PROFILE_MEMORY_COUNT_MAX = 100
/** Conversations that a summary of a user tells of. */
export const CONTEXT_CONVERSATION_COUNT_MAX = 20
/** Messages that a compaction reads at once. */
export const COMPACTION_PAGE_COUNT = 50
/** Pages after which a compaction notes how far it is. */
export const COMPACTION_RECORDED_PAGE_COUNT = 20
/** Characters of the text of a compaction. */
export const COMPACTION_LENGTH_MAX = 20_000
/** Names and numbers of a conversation by which a compaction is measured. */
export const COMPACTION_NAME_COUNT_MAX = 5_000
/** The format of exports; those of earlier versions are taken in as well. */
export const EXPORT_FORMAT_VERSION = 2
/** Memory that reading a file may take, in bytes: the heap of its process, and what it grows by in all. */
export const FILE_MEMORY_BYTES_MAX = 536_870_912
/** Files that one reader reads at the same time; the others wait their turn. */
export const FILE_CONCURRENCY_MAX = 2
/** Characters of all the text of a document. */
export const DOCUMENT_LENGTH_MAX = 5_000_000
/** Parts of a document. */
export const DOCUMENT_PART_COUNT_MAX = 1_000
/** Characters of a part of a document; what is longer is cut between paragraphs. */
export const DOCUMENT_PART_LENGTH_MAX = 20_000
/** Parts of a document that go through the pipeline together; what they gave is committed before the next ones begin. */
export const DOCUMENT_PORTION_COUNT_MAX = 4
/** Memories that go, or lose a source, in one transaction when a document takes the place of an earlier one. */
export const DOCUMENT_REPLACE_COUNT_MAX = 500
/** Pages of a PDF. */
export const PDF_PAGE_COUNT_MAX = 2_000
/** Entries of a zip file, as a DOCX is one. */
export const ZIP_ENTRY_COUNT_MAX = 5_000
/** Bytes that the entries of a zip file unpack to. */
export const ZIP_BYTES_MAX = 134_217_728
/** How many times larger than its packed bytes an entry of a zip file may be; small ones may be more. */
export const ZIP_RATIO_MAX = 200
/** Nesting of the elements of an HTML file. */
export const HTML_DEPTH_MAX = 256
/** Attachments of an e-mail that are read, those of attached messages included. */
export const ATTACHMENT_COUNT_MAX = 50
/** Messages within messages that are read. */
export const ATTACHMENT_DEPTH_MAX = 3
/** Agents of one project, and likewise tools; the archived ones do not count. */
export const AGENT_COUNT_MAX = 1_000
export const TOOL_COUNT_MAX = 1_000
/** Calls to the model that an agent may make in one run. */
export const AGENT_STEP_COUNT_MAX = 12
/** Actions of one agent. */
export const ACTION_COUNT_MAX = 32
/** Steps of one tool. */
export const TOOL_STEP_COUNT_MAX = 32
/** Characters of the instructions of an agent. */
export const INSTRUCTIONS_LENGTH_MAX = 32_768
/** Characters of what an agent, a tool or an action says of itself. */
export const DESCRIPTION_LENGTH_MAX = 2_048
/** Characters of one JSON Schema, of one request template and of the arguments of one step, as JSON. */
export const ACTION_JSON_LENGTH_MAX = 16_384
/** Time of one HTTP action, and what it is when none is named. */
export const ACTION_TIMEOUT_MS_MAX = 120_000
export const ACTION_TIMEOUT_MS_DEFAULT = 30_000
/** Memories that one search of an agent may find. */
export const ACTION_SEARCH_COUNT_MAX = 50
/** Triggers of one project. */
export const TRIGGER_COUNT_MAX = 100
/** Secrets of one project. */
export const SECRET_COUNT_MAX = 100
/** Characters of a secret, of a project or of a trigger. */
export const SECRET_LENGTH_MAX = 8_192
/** Models that the rates of a project name. */
export const RATE_COUNT_MAX = 100
/** The greatest bound of tokens that a run may name, or a month. */
export const TOKEN_COUNT_MAX = 1_000_000_000_000
/** Values that a run brings along for the instructions of its agent. */
export const RUN_INPUT_COUNT_MAX = 32
/** Characters of one of them. */
export const RUN_INPUT_LENGTH_MAX = 8_192
/** Characters that filling the places of one template may give. */
export const FILLED_LENGTH_MAX = 1_048_576
/** Bytes of an answer to an action's request that are read. */
export const ACTION_RESPONSE_BYTES_MAX = 262_144
/** Redirects that an action's request follows. */
export const ACTION_REDIRECT_COUNT_MAX = 3
/** Characters of a query, text or message that an action is given. */
export const ACTION_TEXT_LENGTH_MAX = 20_000
/** Tools that one MCP server may offer an agent. */
export const MCP_TOOL_COUNT_MAX = 64
/** Characters of one such tool: its description and its schema, as JSON. */
export const MCP_TOOL_LENGTH_MAX = 16_384
/** Pages of a list of tools that are read. */
export const MCP_PAGE_COUNT_MAX = 16
/** Time for an MCP server to be reached and to say what it offers; and, at the end, to let go. */
export const MCP_CONNECT_MS_MAX = 15_000
export const MCP_CLOSE_MS_MAX = 1_000
/** How deep agents may have agents do things: the first has depth 0. */
export const AGENT_DEPTH_MAX = 4
/** Runs of one process that wait for runs of their own, beside those that are worked on. */
export const PARKED_RUN_COUNT_MAX = 1_000
/** Headers, and members of the query, of a request that an action makes; and the characters of each. */
export const HEADER_COUNT_MAX = 32
export const HEADER_LENGTH_MAX = 4_096
/** Calls of actions that one answer of a model may ask for; it is told that more were not made. */
export const AGENT_CALL_COUNT_MAX = 16
/** Characters of what a model says in one answer that are kept, and hence of the output of an agent run. */
export const AGENT_TEXT_LENGTH_MAX = 200_000
/** Characters of the arguments of one call, as JSON. */
export const ACTION_INPUT_LENGTH_MAX = 65_536
/** Characters of what an action comes to, as JSON; of more, the beginning is kept. */
export const ACTION_OUTPUT_LENGTH_MAX = 65_536
/** Characters of all outputs of actions that a model is shown in one call, as JSON; the earliest are left out. */
export const AGENT_OUTPUTS_LENGTH_MAX = 400_000
/** Earlier runs of a conversation that an agent is shown; the newest are. */
export const AGENT_CONVERSATION_RUN_COUNT_MAX = 100
/** Characters of those, messages and answers together. */
export const AGENT_CONVERSATION_LENGTH_MAX = 200_000
/** A bound of tokens that leaves fewer than these bounds the output of a call as well. Every model may write as many. */
export const BOUNDED_OUTPUT_TOKEN_COUNT = 4_096
/** Characters of an answer in the making that are kept for who comes to follow it. */
export const LIVE_OUTPUT_LENGTH_MAX = 65_536

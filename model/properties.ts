/** What each model is to show, and which rule, taken out of it, must break that. */

/** Values of the constants of a model. */
export type Bounds = Readonly<Record<string, number>>

export interface Property {
  /** Of its `ltl` in the model. */
  readonly name: string
  readonly promise: string
  /** Something happens at last, once whatever can still happen has happened; otherwise: something never happens. */
  readonly atLast?: true
  /** Definitions that take a rule out of the model, each with what happens then. At least one: else the property shows nothing. */
  readonly brokenBy: Readonly<Record<string, string>>
}

export interface Model {
  readonly file: string
  /** As far as the tests look. */
  readonly small: Bounds
  /** As far as `npm run model` looks. */
  readonly large: Bounds
  readonly properties: readonly Property[]
}

export const MODELS: readonly Model[] = [
  {
    file: "session.pml",
    small: { SESSIONS: 2, DOCUMENTS: 2, FRAMES: 2 },
    large: { SESSIONS: 2, DOCUMENTS: 3, FRAMES: 3 },
    properties: [
      {
        name: "only_what_was_sealed_here",
        promise: "no call is dispatched that the sandbox did not seal in this session",
        brokenBy: {
          NO_TAG: "the Core does not ask whether a frame authenticates",
          ONE_KEY_FOR_ALL: "every session has the same sealing key, and its id is not sealed with it",
          SERVES_SCRIPTS: "the isolation document is served to a script's request, not to a frame only",
        },
      },
      {
        name: "only_what_the_hook_passed",
        promise: "no call is dispatched that the hook did not pass",
        brokenBy: { RUNS_WHAT_IS_FOR_THE_AUDIT: "the Core runs what is sealed as refused" },
      },
      {
        name: "each_frame_at_most_once",
        promise: "each sealed frame is dispatched at most once",
        brokenBy: {
          ANY_SEQUENCE: "the Core takes frames of any seq",
          SEQUENCE_NOT_SEALED: "seq stands in the header only: neither in the nonce nor in the associated data",
        },
      },
      {
        name: "in_the_order_of_seq",
        promise: "frames are dispatched in the order of their seq, and none is left out",
        brokenBy: {
          ANY_SEQUENCE: "the Core takes frames of any seq",
          LATER_SEQUENCE: "the Core takes every seq that is higher than the last",
          SEQUENCE_NOT_SEALED: "seq stands in the header only: neither in the nonce nor in the associated data",
        },
      },
      {
        name: "nothing_behind_a_refused_frame",
        promise: "nothing is dispatched in a session in which a frame has been refused",
        brokenBy: { GOES_ON_AFTER_REFUSAL: "a session goes on after a frame was refused" },
      },
      {
        name: "nothing_after_the_end",
        promise: "nothing is dispatched in a session that is over",
        brokenBy: { READS_AFTER_END: "the Core reads what still comes on a socket that it has closed" },
      },
      {
        name: "a_ticket_gives_one_key",
        promise: "a frame ticket gives a key to at most one frame",
        brokenBy: {
          TICKET_STAYS_GOOD: "a frame ticket is not spent",
          TICKET_SPENT_LATE: "a frame ticket is looked up, and spent only after something was awaited",
        },
      },
      {
        name: "no_key_after_the_end",
        promise: "a frame ticket gives no key when its session is over",
        brokenBy: { TICKET_OUTLIVES_SESSION: "a frame ticket stays good when its session ends" },
      },
    ],
  },
  {
    file: "settling.pml",
    small: { CALLS: 2, SESSIONS: 2 },
    large: { CALLS: 3, SESSIONS: 3 },
    properties: [
      {
        name: "each_call_settles",
        promise: "each invoke of an honest bridge settles at last",
        atLast: true,
        brokenBy: {
          FORGETS_WHAT_WAS_SENT: "the bridge does not reject what was sent when the session is lost",
          WAITS_FOR_EVER_FOR_THE_FRAME: "the bridge has no timer for a frame that does not load",
          NEVER_LOOKS_AT_THE_FRAME: "the bridge does not look whether its frame is still there",
          REFUSES_IN_SILENCE: "the sandbox does not tell the page what the hook refused, as in Tauri",
        },
      },
      {
        name: "no_call_settles_twice",
        promise: "no invoke of an honest bridge settles twice",
        brokenBy: { SETTLES_WHAT_IS_SETTLED: "the bridge does not ask whether a call still waits" },
      },
      {
        name: "no_call_runs_twice",
        promise: "no invoke of an honest bridge runs twice",
        brokenBy: {
          SENDS_AGAIN: "the bridge sends anew what was sent in a session that is lost",
          FORGETS_WHAT_LEFT: "the bridge does not note that a frame has left since it handed a call over",
          CALLS_IN_FRAME_1: "the sandbox's first frame holds calls, and the bridge counts none for seen when it leaves",
        },
      },
      {
        name: "no_honest_frame_is_refused",
        promise: "no frame of an honest bridge is refused",
        brokenBy: {
          LEAVES_WHEN_SEALED: "frames leave the sandbox as the engine finishes them",
          SEQ_BEFORE_WHAT_CAN_FAIL: "seq is taken before the hook and the limits can refuse",
        },
      },
    ],
  },
  {
    file: "launch.pml",
    small: { TRADES: 2, SOCKETS: 2 },
    large: { TRADES: 3, SOCKETS: 2 },
    properties: [
      {
        name: "used_twice_nothing_works",
        promise: "a launch ticket that is used twice leaves no working credential and no session",
        brokenBy: {
          REFUSES_THE_SECOND_ONLY: "the second use is refused, and the first one's credential stays good",
          SESSIONS_GO_ON: "the credential is revoked, and its sessions go on",
          HELLO_AWAITS: "a credential is looked up, and its session begins only after something was awaited",
        },
      },
      {
        name: "one_credential",
        promise: "a launch ticket gives one credential at most",
        brokenBy: { TRADED_LATE: "a launch ticket is looked up, and spent only after something was awaited" },
      },
      {
        name: "closed_nothing_works",
        promise: "a window that is closed leaves no working credential, ticket or session",
        brokenBy: {
          TICKET_OUTLIVES_WINDOW: "a launch ticket that nobody has traded stays good when the window closes",
          SESSIONS_OUTLIVE_WINDOW: "the sessions of a closed window go on",
        },
      },
    ],
  },
]

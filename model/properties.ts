/** What each model is to show, and which rule, taken out of it, must break that. */

/** Values of the constants of a model. */
export type Bounds = Readonly<Record<string, number>>

export interface Property {
  /** Of its `ltl` in the model. */
  readonly name: string
  readonly promise: string
  /** Something happens at last, provided that whoever can go on does; otherwise: something never happens. */
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
]

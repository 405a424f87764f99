/** A test of `before.json` that is no longer there, and the test that proves the same. */
export interface Dropped {
  readonly suite: string
  readonly title: string
  /** Files it is no longer in, by the beginnings of their names. Default: all of them. */
  readonly places?: readonly string[]
  /** Suite and title of a test of today. */
  readonly provenBy: readonly [suite: string, title: string]
  readonly because: string
}

/** Titles of `before.json` and those of today, by suite. */
export const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  fuzz: {
    "a promise that holds is tried at least once, however little time there is, and longer when there is more":
      "a promise that holds is tried at least once, and until it is enough",
  },
  e2e: {
    "an app that is started twice has one window, whose page is asked for the focus; the second ends with 0":
      "a second launch raises the app's window, asks its page, starts no browser and ends with 0",
    "closing a window closes that window alone": "close() closes that window alone, and its `closed` has resolved then",
  },
}

export const DROPPED: readonly Dropped[] = [
  {
    suite: "e2e",
    title: "sealed frames > random bytes: ends the session, is audited, runs nothing; a new session works",
    provenBy: ["attacks", "P2: random bytes, in place of a frame"],
    because: "the attack sends the same; that a new session works is shown once, for a frame with a changed bit",
  },
  {
    suite: "e2e",
    title: "sealed frames > nothing: ends the session, is audited, runs nothing; a new session works",
    provenBy: ["attacks", "P2: nothing, in place of a frame"],
    because: "the attack sends the same; that a new session works is shown once, for a frame with a changed bit",
  },
  {
    suite: "e2e",
    title: "sealed frames > a frame a second time: ends the session, is audited, runs nothing; a new session works",
    provenBy: ["attacks", "P3: a sealed frame, sent again on the same socket"],
    because: "the attack sends the same; that a new session works is shown once, for a frame with a changed bit",
  },
  {
    suite: "e2e",
    title: "sealed frames > a frame that is cut short: ends the session, is audited, runs nothing; a new session works",
    provenBy: ["attacks", "P2: a frame without its last byte, in place of a frame"],
    because: "the attack sends the same; that a new session works is shown once, for a frame with a changed bit",
  },
  {
    suite: "e2e",
    title:
      "sealed frames > a frame of another version: ends the session, is audited, runs nothing; a new session works",
    provenBy: ["attacks", "P2: a frame of another version, in place of a frame"],
    because: "the attack sends the same; that a new session works is shown once, for a frame with a changed bit",
  },
  {
    suite: "e2e",
    title:
      "sealed frames > two frames in the wrong order: ends the session, is audited, runs nothing; a new session works",
    provenBy: ["attacks", "P8: two frames in the wrong order"],
    because: "the attack sends the same; that a new session works is shown once, for a frame with a changed bit",
  },
  {
    suite: "e2e",
    title:
      "sealed frames > a call in the clear, as brownfield has it: ends the session, is audited, runs nothing; a new session works",
    provenBy: ["attacks", "P6: the call unsealed, as brownfield has it, on the bridge's socket"],
    because: "the attack sends the same; that a new session works is shown once, for a frame with a changed bit",
  },
  {
    suite: "e2e",
    title:
      "sealed frames > a call without arguments, in the clear: ends the session, is audited, runs nothing; a new session works",
    provenBy: ["attacks", "P7: an unsealed call without arguments, on the bridge's socket"],
    because: "the attack sends the same; that a new session works is shown once, for a frame with a changed bit",
  },
  {
    suite: "e2e",
    title:
      "sealed frames > a call sealed with a key of the page's own: ends the session, is audited, runs nothing; a new session works",
    provenBy: ["attacks", "P2: a call sealed with a key of all zeros"],
    because: "the attack sends the same; that a new session works is shown once, for a frame with a changed bit",
  },
  {
    suite: "e2e",
    title: "sealed frames > text: ends the session, is audited, runs nothing; a new session works",
    provenBy: ["attacks", "P2: text, in place of a frame"],
    because: "the attack sends the same; that a new session works is shown once, for a frame with a changed bit",
  },
  {
    suite: "e2e",
    title: "sealed frames > a frame of one session does not open in another",
    provenBy: ["attacks", "P4: a frame of one session in the place of the other's frame of the same number"],
    because: "the attack sends the same",
  },
  {
    suite: "e2e",
    title: "sealed frames > a socket of the page's own, with its credential, takes nothing but sealed frames",
    provenBy: ["attacks", "P9: the window's credential, read from sessionStorage, and a socket of one's own"],
    because: "the attack sends the same",
  },
  {
    suite: "e2e",
    title: "sealed frames > the control: in brownfield the same steps run the command",
    provenBy: ["attacks", "P6: the call unsealed, as brownfield has it, on the bridge's socket"],
    because: "the attack has its control, and what this one was the control of is dropped",
  },
  {
    suite: "e2e",
    title: "sealed frames > a session that was given a frame and seals nothing is audited",
    provenBy: ["attacks", "P8: a sandbox that is kept from being heard, unnoticed"],
    because: "the attack succeeds unless the silence is audited",
  },
  {
    suite: "e2e",
    title: "the isolation frame > its document cannot be read, nor had a second time",
    provenBy: ["attacks", "P10: the isolation document, read with fetch"],
    because: "the attack fetches the same; another fetches it in mode no-cors",
  },
  {
    suite: "e2e",
    title: "the isolation frame > a port from anybody else is ignored",
    provenBy: ["attacks", "P12: handshakes with ports of the attacker's, from a frame beside the sandbox"],
    because: "the attack sends the same from a frame, another from the page's own window",
  },
]

/** Words of `before.json` for a part of a control that switched off a defense which the source no longer has, and why it needs none. */
export const NEEDLESS: Readonly<Record<string, string>> = {
  "the sealing of a call as it came: each is written anew":
    "each call is serialized: the sandbox no longer seals the page's own text",
}

/** What the controls of attacks and faults switch off: the words of `before.json`, and those of today. */
export const REWORDED: Readonly<Record<string, string>> = {}

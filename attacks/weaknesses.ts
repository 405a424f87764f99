import type { Replacement } from "./attack.ts"

/** Defences that several attacks are stopped by, each as it is switched off. */

export const KEY_IS_KNOWN: Replacement = {
  off: "the secrecy of the sealing key: it is all zeros",
  file: "boundary/core/launch-key.ts",
  find: 'return new Uint8Array(hkdfSync("sha256", launchKey, session, SEAL_KEY_INFO, KEY_BYTES))',
  replace: "return new Uint8Array(KEY_BYTES)",
}

export const ANY_SEQUENCE: Replacement = {
  off: "the exact sequence: a frame says itself which one it is",
  file: "boundary/core/record-opener.ts",
  find: "const seq = this.#nextSeq\n",
  replace:
    "const seq = record.length < 9 ? 0 : Number(Buffer.from(record.buffer, record.byteOffset).readBigUInt64BE(1))\n",
}

export const ANY_TAG: Replacement = {
  off: "the check of a frame's tag",
  file: "boundary/core/record-opener.ts",
  find: "decipher.final()\n    } catch {\n      isAuthentic = false\n    }",
  replace: "decipher.final()\n    } catch {}",
}

export const CLEAR_TOO: Replacement = {
  off: "the rule that the Core acts on sealed frames only",
  file: "boundary/core/sealed-session.ts",
  find: "this.#opener === null ? record : this.#opener.open(record)",
  replace: "(this.#opener?.open(record) ?? record)",
}

/** The Core ends a session whose record was rejected, and the sealed session by itself opens nothing more: either alone is the end. */
export const FORGIVING: readonly Replacement[] = [
  {
    off: "the end of a session whose frame was refused",
    file: "core/session.ts",
    find: 'this.end(CLOSE.FRAME_REFUSED, "a frame was refused")',
    replace: "",
  },
  {
    off: "the end of a sealed session with its first record that does not open",
    file: "boundary/core/sealed-session.ts",
    find: "      this.end()\n      throw error",
    replace: "      throw error",
  },
]

export const NO_HOOK: Replacement = {
  off: "the hook: what it decides is not heeded",
  file: "boundary/sandbox/hook-runner.ts",
  find: "if (hook === null) return passed(payload)",
  replace: "return passed(payload)",
}

export const ONE_KEY: Replacement = {
  off: "the key of each session: all have one",
  file: "boundary/core/launch-key.ts",
  find: "launchKey, session, SEAL_KEY_INFO",
  replace: "launchKey, new Uint8Array(16), SEAL_KEY_INFO",
}

/** One key for all sessions of a launch, and frames that do not say which session they are of. */
export const ANY_SESSION: readonly Replacement[] = [
  ONE_KEY,
  {
    off: "the session's id in what a frame authenticates",
    file: "boundary/wire/sealing.ts",
    find: "  data.set(session)\n",
    replace: "",
  },
]

export const ANY_LAUNCH: Replacement = {
  off: "the launch key: it is the same at each start",
  file: "boundary/core/launch-key.ts",
  find: "randomBytes(KEY_BYTES)",
  replace: "new Uint8Array(KEY_BYTES)",
}

export const ONE_NONCE: Replacement = {
  off: "the nonce of each frame: all have one",
  file: "boundary/wire/sealing.ts",
  find: "setBigUint64(4, BigInt(seq))",
  replace: "setBigUint64(4, 0n)",
}

export const ONE_SET_OF_CHANNELS: Replacement = {
  off: "the channels of each session: all have the first one's",
  file: "core/session.ts",
  find: "readonly #channels = new Channels(this)",
  replace: "readonly #channels: Channels = ((globalThis as any).channels ??= new Channels(this))",
}

export const NO_FRAME_WATCH: Replacement = {
  off: "the watch for a frame that is gone",
  file: "page/session.ts",
  find: "if (this.#frame !== null && !this.#frame.isAttached)",
  replace: "if (this.#frame === undefined)",
}

/** Where the document is on another origin, and opaque, either alone keeps a page from reaching into it. */
export const ISOLATION_AT_HOME: readonly Replacement[] = [
  {
    off: "the isolation document's own origin: it comes from the app's",
    file: "server/isolation-origin.ts",
    find: "(hasOwnHosts ? ",
    replace: '(window >= 0 ? "http://localhost:" + port : hasOwnHosts ? ',
  },
  {
    off: "its place on the isolation origin alone",
    file: "server/server.ts",
    find: "    if (path === LAUNCH_PATH)",
    replace:
      "    if (this.#isolation !== null && /^\\/[\\w-]{43}$/.test(path)) return this.#isolation.answer(request, response)\n    if (path === LAUNCH_PATH)",
  },
  {
    off: "the rule that it is loaded across sites",
    file: "server/key/isolation-document.ts",
    find: 'headers["sec-fetch-site"] !== "cross-site"',
    replace: "false",
  },
  {
    off: "its policy's sandbox",
    file: "server/key/isolation-document.ts",
    find: "; sandbox allow-scripts",
    replace: "",
  },
]

/** The rule that the isolation document is for frames of a browser alone. */
export const ISOLATION_FOR_ALL: Replacement = {
  off: "the rule that it goes to frames of a browser alone",
  file: "server/key/isolation-document.ts",
  find: "if (reason !== null) return",
  replace: "if (Math.random() > 2) return",
}

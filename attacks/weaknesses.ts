import type { Replacement } from "./attack.ts"

/** Defences that several attacks are stopped by, each as it is switched off. */

export const KEY_IS_KNOWN: Replacement = {
  off: "the secrecy of the sealing key: it is all zeros",
  file: "core/opener.ts",
  find: 'return new Uint8Array(hkdfSync("sha256", launchKey, session, SEAL_KEY_INFO, KEY_BYTES))',
  replace: "return new Uint8Array(KEY_BYTES)",
}

export const ANY_SEQUENCE: Replacement = {
  off: "the exact sequence: a frame says itself which one it is",
  file: "core/opener.ts",
  find: "const seq = this.#nextSeq\n",
  replace:
    "const seq = frame.length < 9 ? 0 : Number(Buffer.from(frame.buffer, frame.byteOffset).readBigUInt64BE(1))\n",
}

export const ANY_TAG: Replacement = {
  off: "the check of a frame's tag",
  file: "core/opener.ts",
  find: "decipher.final()\n    } catch {\n      return null\n    }",
  replace: "decipher.final()\n    } catch {}",
}

export const CLEAR_TOO: Replacement = {
  off: "the rule that the Core acts on sealed frames only",
  file: "core/session.ts",
  find: "this.#opener === null ? message : this.#opener.open(message)",
  replace: "(this.#opener?.open(message) ?? message)",
}

export const FORGIVING: Replacement = {
  off: "the end of a session whose frame was refused",
  file: "core/session.ts",
  find: 'this.end(CLOSE.FRAME_REFUSED, "a frame was refused")',
  replace: "",
}

export const NO_HOOK: Replacement = {
  off: "the hook: what it decides is not heeded",
  file: "sandbox/hook.ts",
  find: "if (hook === null) return passed(payload)",
  replace: "return passed(payload)",
}

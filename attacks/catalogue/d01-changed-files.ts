import { rm, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Attack, Replacement } from "../attack.ts"
import { ATTACKER, AUTHOR, EVIL_HOOK, LOCKED, lockOf, PATH_OF_LOCK, SIGNED, startChanged } from "../changed-disk.ts"
import type { Victim } from "../victim-process.ts"

const ANY_HASH: Replacement = {
  off: "the comparison of a file with its lock",
  file: "isolation-app/verify-lock.ts",
  find: "if (found.sha256 === sha256) continue",
  replace: "if (found.sha256.length === sha256.length) continue",
}

const ANY_FILE: Replacement = {
  off: "the rule that nothing else is loaded",
  file: "isolation-app/verify-lock.ts",
  find: "if (!locked.has(path)) {",
  replace: 'if (path === "") {',
}

const hookOf = ({ folder }: Victim): string => join(folder, "isolation", "index.js")
const lockOfApp = ({ folder }: Victim): string => join(folder, PATH_OF_LOCK)

/** A start that fails must say why, in these words; else the attack has had what it can have. */
async function startsOrIsSilent(victim: Victim, change: () => Promise<unknown>, words: RegExp): Promise<boolean> {
  const said = await startChanged(victim, change)
  return said === null || !words.test(said)
}

/** D1: files of the isolation app that were changed after they were locked. */
export const changedFiles: readonly Attack[] = [
  {
    where: "local",
    id: "D1",
    name: "the hook, replaced after it was locked",
    stoppedBy: "the lock: the app does not start, and says which file",
    control: ANY_HASH,
    victim: LOCKED,
    alone: true,
    steps: ({ victim }) =>
      startsOrIsSilent(victim, () => writeFile(hookOf(victim), EVIL_HOOK), /index\.js: this file was changed/),
  },
  {
    where: "local",
    id: "D1",
    name: "a locked file that is a link now, to another file of the folder",
    stoppedBy: "the lock: a locked file is a file",
    control: [
      ANY_HASH,
      {
        off: "the look at whether it is a link",
        file: "isolation-app/verify-lock.ts",
        find: "if (found.path !== path) changed",
        replace: 'if (path === "") changed',
      },
      ANY_FILE,
      {
        off: "the rule that all that is locked is loaded",
        file: "isolation-app/verify-lock.ts",
        find: "if (!used.has(path)) {",
        replace: 'if (path === "") {',
      },
    ],
    victim: LOCKED,
    alone: true,
    steps: ({ victim }) =>
      startsOrIsSilent(
        victim,
        async () => {
          await writeFile(join(victim.folder, "isolation", "evil.js"), EVIL_HOOK)
          await rm(hookOf(victim))
          await symlink("evil.js", hookOf(victim))
        },
        /index\.js: this is a link to evil\.js/,
      ),
  },
  {
    where: "local",
    id: "D1",
    name: "the hook replaced, and taken out of the lock, which nobody has signed",
    stoppedBy: "the lock: what is loaded must be locked, all of it",
    control: ANY_FILE,
    victim: LOCKED,
    alone: true,
    steps: ({ victim }) =>
      startsOrIsSilent(
        victim,
        async () => {
          const lock = JSON.parse(lockOf(EVIL_HOOK))
          lock.files = lock.files.filter(({ path }: { path: string }) => path !== "index.js")
          await writeFile(lockOfApp(victim), `${JSON.stringify(lock, null, 2)}\n`)
          await writeFile(hookOf(victim), EVIL_HOOK)
        },
        /index\.js: index\.html loads this file, and it is not locked/,
      ),
  },
]

interface ReplacedLock {
  readonly name: string
  readonly control: Replacement
  /** The text of the lock for the attacker's hook; `null`: none. */
  readonly lock: string | null
}

const signedFor = (publicKey: string): string => lockOf(EVIL_HOOK, ATTACKER).replace(ATTACKER.publicKey, publicKey)
const NO_SIGNATURE_CHECK: Replacement = {
  off: "the check of the signature",
  file: "isolation-app/verify-lock.ts",
  find: "if (!isSignatureRight(lock, signature)) {",
  replace: "if (isSignatureRight === undefined) {",
}
const signatureOf = (lock: string): unknown => JSON.parse(lock).signature

const REPLACED: readonly ReplacedLock[] = [
  {
    name: "no lock",
    lock: null,
    control: {
      off: "the rule that there must be one",
      file: "isolation-app/verify-lock.ts",
      find: "return publicKey === null ? null : fail(",
      replace: "return publicKey !== undefined ? null : fail(",
    },
  },
  {
    name: "a lock without a signature",
    lock: lockOf(EVIL_HOOK),
    control: {
      off: "the rule that it must be signed",
      file: "isolation-app/verify-lock.ts",
      find: "if (publicKey !== null) fail(",
      replace: "if (publicKey === undefined) fail(",
    },
  },
  {
    name: "a lock signed by another key",
    lock: lockOf(EVIL_HOOK, ATTACKER),
    control: {
      off: "the look at whose signature it is",
      file: "isolation-app/verify-lock.ts",
      find: "if (signature.publicKey !== expected) {",
      replace: 'if (expected === "") {',
    },
  },
  {
    name: "a lock signed by another key, which says that it is the author's",
    lock: signedFor(AUTHOR.publicKey),
    control: NO_SIGNATURE_CHECK,
  },
  {
    name: "a lock with the author's signature under an earlier one",
    lock: `${JSON.stringify({ ...JSON.parse(lockOf(EVIL_HOOK)), signature: signatureOf(SIGNED.files[PATH_OF_LOCK]) }, null, 2)}\n`,
    control: NO_SIGNATURE_CHECK,
  },
]

/** D4: the lock replaced along with the files, where the app carries the author's public key. */
export const replacedLocks: readonly Attack[] = REPLACED.map(({ name, control, lock }) => ({
  where: "local",
  id: "D4",
  name: `the hook replaced, and its lock: ${name}`,
  stoppedBy: "the public key in the Core's own code: no other lock will do",
  control,
  victim: SIGNED,
  alone: true,
  steps: ({ victim }) =>
    startsOrIsSilent(
      victim,
      async () => {
        await writeFile(hookOf(victim), EVIL_HOOK)
        await (lock === null ? rm(lockOfApp(victim)) : writeFile(lockOfApp(victim), lock))
      },
      /isolation\.lock\.json: /,
    ),
}))

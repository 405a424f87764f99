/**
 * Writes docs/protocol-vectors.json, from which another implementation of docs/protocol.md can be checked. Everything is
 * computed here from the document's words with node:crypto; nothing comes from src/, which the vectors check.
 *
 *     node scripts/protocol-vectors.ts            writes the file
 *     node scripts/protocol-vectors.ts --check    exits with 1 when the file is not what would be written
 */
import { createCipheriv, hkdfSync } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import type { Vectors } from "../src/boundary/wire/vectors.fixture.ts"

const FILE = fileURLToPath(new URL("../docs/protocol-vectors.json", import.meta.url))

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")
const counting = (length: number, from: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, n) => (from + n) & 255))

const LAUNCH_KEY = counting(32, 0)
const SESSION = counting(16, 0xa0)
const OTHER_SESSION = counting(16, 0xb0)

function deriveKey(session: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", LAUNCH_KEY, session, "sallyport/1 seal", 32))
}

interface Frame {
  readonly session?: Uint8Array
  readonly key?: Uint8Array
  readonly version?: number
}

function header(seq: bigint, version: number): Buffer {
  const bytes = Buffer.alloc(9)
  bytes.writeUInt8(version)
  bytes.writeBigUInt64BE(seq, 1)
  return bytes
}

function nonce(seq: bigint): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeBigUInt64BE(seq, 4)
  return bytes
}

function seal(
  seq: bigint,
  payload: Uint8Array,
  { session = SESSION, key = deriveKey(session), version = 1 }: Frame = {},
): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonce(seq))
  cipher.setAAD(Buffer.concat([session, header(seq, version)]))
  return Buffer.concat([header(seq, version), cipher.update(payload), cipher.final(), cipher.getAuthTag()])
}

function layOut(json: string, blobs: readonly Uint8Array[] = []): Buffer {
  const text = Buffer.from(json)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  return Buffer.concat([length, text, ...blobs])
}

/** Payloads as sandboxes, pages and the Core make them. */
const PAYLOADS: readonly (readonly [name: string, json: string, blobs?: readonly Uint8Array[]])[] = [
  ["nothing", "{}"],
  ["hook state and a line, the first of a session", '{"hook":"function","logs":[["log","ready"]],"blobs":[]}'],
  ["no hook, on purpose", '{"hook":"null","logs":[],"blobs":[]}'],
  ["a missing hook", '{"hook":"missing","logs":[],"blobs":[]}'],
  ["one call", '{"calls":[[1,"read_note",{"path":"a.md"}]],"refused":[],"logs":[],"blobs":[]}'],
  ["a call with headers", '{"calls":[[2,"read_note",{},{"x-note":"a"}]],"refused":[],"logs":[],"blobs":[]}'],
  ["text beyond ASCII", '{"calls":[[3,"write_note",{"text":"é 漢字 😀 \\ud800"}]],"refused":[],"logs":[],"blobs":[]}'],
  [
    "three calls with raw arguments, one of them empty",
    '{"calls":[[4,"attach",null,{"x-file":"a.png"},0],[5,"attach",null,null,2],[6,"attach",null,null,1]],"refused":[],"logs":[],"blobs":[3,0,2]}',
    [counting(3, 1), Buffer.alloc(0), counting(2, 254)],
  ],
  [
    "refusals",
    '{"calls":[],"refused":[[7,"delete_all","HOOK_REFUSED","not from here"],[8,"list","HOOK_TIMEOUT",""]],"logs":[],"blobs":[]}',
  ],
  [
    "replies: a value, an error's message, another thrown value",
    '{"replies":[[1,1,{"text":"a"}],[2,0,"not found"],[3,0,{"code":7}]],"blobs":[]}',
  ],
  [
    "replies with raw bytes",
    '{"replies":[[4,1,null,1],[5,1,null,0]],"blobs":[2,0]}',
    [counting(2, 7), Buffer.alloc(0)],
  ],
]

/** A frame for each payload, in order; then some whose seq needs more than 32 bits. */
const SEQS: readonly bigint[] = [
  ...PAYLOADS.map((_, index) => BigInt(index + 1)),
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 32n + 1n,
  2n ** 53n - 1n,
]

function makeFrames(): Vectors["frames"] {
  return SEQS.map((seq, index) => {
    const [name, json, blobs] = PAYLOADS[index % PAYLOADS.length] ?? ["nothing", "{}"]
    const payload = layOut(json, blobs)
    return {
      name,
      seq: Number(seq),
      nonce: hex(nonce(seq)),
      associatedData: hex(Buffer.concat([SESSION, header(seq, 1)])),
      payload: hex(payload),
      frame: hex(seal(seq, payload)),
    }
  })
}

function makeBadFrames(): Vectors["badFrames"] {
  const payload = layOut(PAYLOADS[4]?.[1] ?? "")
  const good = seal(1n, payload)
  const flipped = (index: number): Buffer => {
    const bytes = Buffer.from(good)
    bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index)
    return bytes
  }
  const bad: readonly (readonly [name: string, frame: Buffer])[] = [
    ["no bytes", Buffer.alloc(0)],
    ["24 bytes: one less than a header and a tag", good.subarray(0, 24)],
    ["25 zeros", Buffer.alloc(25)],
    ["the payload in the clear", payload],
    ["cut by one byte", good.subarray(0, -1)],
    ["longer by one byte", Buffer.concat([good, Buffer.alloc(1)])],
    ["a bit of the version flipped", flipped(0)],
    ["a bit of the seq flipped", flipped(8)],
    ["a bit of the ciphertext flipped", flipped(9)],
    ["a bit of the tag flipped", flipped(good.length - 1)],
    ["version 2, sealed so", seal(1n, payload, { version: 2 })],
    ["seq 0, sealed so", seal(0n, payload)],
    ["seq 2, sealed so: one was left out", seal(2n, payload)],
    ["seq 2^32 + 1, sealed so: 1 in its lower half", seal(2n ** 32n + 1n, payload)],
    ["another session's, under its own key", seal(1n, payload, { session: OTHER_SESSION })],
    ["another session's key", seal(1n, payload, { key: deriveKey(OTHER_SESSION) })],
    [
      "another session's id under the right key",
      seal(1n, payload, { session: OTHER_SESSION, key: deriveKey(SESSION) }),
    ],
    ["the all-zero key", seal(1n, payload, { key: Buffer.alloc(32) })],
    ["the launch key itself", seal(1n, payload, { key: LAUNCH_KEY })],
    ["the header of seq 1 on the body of seq 2", Buffer.concat([good.subarray(0, 9), seal(2n, payload).subarray(9)])],
  ]
  return bad.map(([name, frame]) => ({ name, seq: 1, frame: hex(frame) }))
}

const BAD_PAYLOADS: readonly (readonly [name: string, payload: Buffer])[] = [
  ["no bytes", Buffer.alloc(0)],
  ["3 bytes", Buffer.alloc(3)],
  ["a length of 0: no JSON", Buffer.alloc(4)],
  ["a length beyond the end", Buffer.from("000000037b7d", "hex")],
  ["a length of 2^32 - 1", Buffer.from("ffffffff7b7d", "hex")],
  ["no UTF-8", Buffer.from("0000000322ff22", "hex")],
  ["a byte order mark", layOut("\ufeff{}")],
  ["no JSON", layOut("{")],
  ["a number that overflows", layOut('{"calls":[[1,"a",{"n":1e999}]]}')],
  ["300 levels of nesting", layOut(`{"calls":[[1,"a",${"[".repeat(300)}${"]".repeat(300)}]]}`)],
  ["bytes that belong to no blob", layOut('{"blobs":[1]}', [counting(2, 0)])],
  ["bytes and no table", layOut("{}", [counting(1, 0)])],
  ["a blob longer than what is there", layOut('{"blobs":[2]}', [counting(1, 0)])],
  ["a negative length", layOut('{"blobs":[-1,2]}', [counting(1, 0)])],
  ["a fraction of a byte", layOut('{"blobs":[0.5,0.5]}', [counting(1, 0)])],
  ["a table that is an object", layOut('{"blobs":{}}')],
]

/** Payloads whose layout is right and whose calls are not: only the Core looks. */
const BAD_CALLS: readonly (readonly [name: string, json: string])[] = [
  ["a list instead of an object", "[]"],
  ["calls that are an object", '{"calls":{}}'],
  ["a call that is an object", '{"calls":[{"id":1}]}'],
  ["an id that is text", '{"calls":[["1","a",{}]]}'],
  ["an id below zero", '{"calls":[[-1,"a",{}]]}'],
  ["an id of 33 bits", '{"calls":[[4294967296,"a",{}]]}'],
  ["a command that is a number", '{"calls":[[1,2,{}]]}'],
  ["a header that is a number", '{"calls":[[1,"a",{},{"b":1}]]}'],
  ["headers that are a list", '{"calls":[[1,"a",{},["b"]]]}'],
  ["a blob that is not there", '{"calls":[[1,"a",null,null,0]],"blobs":[]}'],
  ["a blob by name", '{"calls":[[1,"a",null,null,"length"]],"blobs":[]}'],
  ["a refusal without text", '{"refused":[[1,2,3,4]]}'],
  ["a line that is a number", '{"logs":[["log",1]]}'],
]

const vectors: Vectors = {
  about: "Test vectors of docs/protocol.md, version 1. Bytes are in hexadecimal. Made by scripts/protocol-vectors.ts.",
  version: 1,
  launchKey: hex(LAUNCH_KEY),
  keys: [SESSION, OTHER_SESSION].map((session) => ({ session: hex(session), key: hex(deriveKey(session)) })),
  session: hex(SESSION),
  frames: makeFrames(),
  badFrames: makeBadFrames(),
  payloads: PAYLOADS.map(([name, json, blobs = []]) => ({
    name,
    payload: hex(layOut(json, blobs)),
    json,
    blobs: blobs.map(hex),
  })),
  badPayloads: BAD_PAYLOADS.map(([name, payload]) => ({ name, payload: hex(payload) })),
  badCalls: BAD_CALLS.map(([name, json]) => ({ name, payload: hex(layOut(json)) })),
}
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } })
// Compared by content: how the file is broken into lines is the formatter's.
if (!values.check) await writeFile(FILE, `${JSON.stringify(vectors, null, 2)}\n`)
else if (JSON.stringify(JSON.parse(await readFile(FILE, "utf8"))) !== JSON.stringify(vectors)) {
  console.error("docs/protocol-vectors.json is out of date: run node scripts/protocol-vectors.ts")
  process.exitCode = 1
}

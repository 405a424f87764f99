/** Bytes of JSON in a record: as many as the limits allow, less what stands around the arguments. */
const RECORD_BYTES = 512 * 1024 - 256

/** A payload's JSON, with ids from a number on, and how many calls are in it. */
export interface HostileRecord {
  readonly json: string
  readonly calls: number
  readonly blobs: readonly Uint8Array[]
}

/** Of the raw arguments of a record. Two for each of eight sessions are within what may wait to be read. */
const BLOB_BYTES = 4 * 1024 * 1024
const LISTED = 200

/** What a page sends to cost the Core as much as it can: the items of a list among the arguments of one call. */
const ITEMS: Readonly<Record<string, (index: number) => string>> = {
  "{}": () => "{}",
  "[]": () => "[]",
  "[[]]": () => "[[]]",
  "one-key objects with distinct names": (index) => `{"k${index}":0}`,
  "objects of a hundred distinct names": (index) =>
    `{${Array.from({ length: 100 }, (_, name) => `"k${index}_${name}":0`)}}`,
  "index-like names": () => '{"999":0}',
  doubles: (index) => (index === 0 ? "{}" : "1.5"),
  "short strings": (index) => `"${index.toString(36)}"`,
  "two-byte strings": (index) => `"ж${index}"`,
  "{} and a text __proto__": (index) => (index === 0 ? '"__proto__"' : "{}"),
  "distinct names and an escaped NUL": (index) => (index === 0 ? '"\\u0000"' : `{"k${index}":0}`),
}

/** The rest: calls, headers, refusals, lines by the ten thousand. */
const TUPLES: Readonly<Record<string, { readonly list: string; readonly tuple: (id: number, cmd: string) => string }>> =
  {
    headers: { list: "calls", tuple: (id, cmd) => `[${id},"${cmd}",null,{"x-${id}":"a"}]` },
    "tiny calls": { list: "calls", tuple: (id, cmd) => `[${id},"${cmd}"]` },
    "refused calls": { list: "refused", tuple: (id) => `[${id},"a","HOOK_REFUSED","no"]` },
    logs: { list: "logs", tuple: (id) => `["log","${id}"]` },
  }

export const SHAPES: readonly string[] = [
  ...Object.keys(ITEMS),
  ...Object.keys(TUPLES),
  "a raw argument",
  "lists of blobs",
]

/** Names differ from record to record: what an engine knows already costs it less. */
let made = 0

/** @throws Error when there is no such shape */
export function hostileRecord(shape: string, cmd: string, id: number): HostileRecord {
  if (shape === "a raw argument") return rawRecord(cmd, id, [new Uint8Array(BLOB_BYTES)])
  if (shape === "lists of blobs")
    return rawRecord(
      cmd,
      id,
      Array.from({ length: LISTED }, () => new Uint8Array(BLOB_BYTES / LISTED)),
    )
  const item = ITEMS[shape]
  if (item !== undefined)
    return {
      json: `{"calls":[[${id},"${cmd}",[${fill((index) => item(index === 0 ? 0 : made++))}]]]}`,
      calls: 1,
      blobs: [],
    }
  const tuples = TUPLES[shape]
  if (tuples === undefined) throw new Error(`no shape "${shape}"`)
  const { list, tuple } = tuples
  let count = 0
  const text = fill((index) => {
    count++
    return tuple(id + index, cmd)
  })
  return { json: `{"${list}":[${text}]}`, calls: list === "calls" ? count : 0, blobs: [] }
}

function rawRecord(cmd: string, id: number, blobs: readonly Uint8Array[]): HostileRecord {
  const calls = blobs.map((_, index) => `[${id + index},"${cmd}",null,null,${index}]`)
  return { json: `{"calls":[${calls}],"blobs":[${blobs.map(({ length }) => length)}]}`, calls: blobs.length, blobs }
}

function fill(item: (index: number) => string): string {
  const items: string[] = []
  for (let index = 0, bytes = 0; ; index++) {
    const next = item(index)
    bytes += Buffer.byteLength(next) + 1
    if (bytes > RECORD_BYTES) return items.join()
    items.push(next)
  }
}

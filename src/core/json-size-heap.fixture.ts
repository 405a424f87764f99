/**
 * Measures what parsed payloads take of the heap, and what is counted for them. Run with `--expose-gc`; prints a list of
 * `[shape, real bytes, counted bytes]` as JSON.
 */
import { measureJson } from "./json-size.ts"

const LEAST_BYTES = 512 * 1024

const many = (item: (index: number) => string): string => {
  const items: string[] = []
  for (let length = 0; length < LEAST_BYTES; ) length += (items[items.push(item(items.length)) - 1]?.length ?? 0) + 1
  return items.join()
}
const listOf = (item: (index: number) => string): string => `[${many(item)}]`
const objectOf = (count: number, name: (index: number) => string, value: (index: number) => string): string =>
  `{${Array.from({ length: count }, (_, index) => `"${name(index)}":${value(index)}`)}}`
/** Six of twelve names, in an order of its own. */
const shuffled = (index: number): string[] => {
  const names = [..."abcdefghijkl"]
  let rest = index
  return Array.from({ length: 6 }, () => {
    const [name = ""] = names.splice(rest % names.length, 1)
    rest = Math.floor(rest / 12)
    return name
  })
}
const VALUES = ["0", "1.5", "{}", "[]", '"x"', "null"]

const SHAPES: Readonly<Record<string, string>> = {
  "{}": listOf(() => "{}"),
  "[]": listOf(() => "[]"),
  "[[]]": listOf(() => "[[]]"),
  "[[[]]]": listOf(() => "[[[]]]"),
  "one name": listOf(() => '{"a":0}'),
  "one name, and an object": listOf(() => '{"a":{}}'),
  "distinct names": listOf((index) => `{"k${index}":0}`),
  "short distinct names": listOf((index) => `{"${index.toString(36)}z":0}`),
  "names of two bytes a character": listOf((index) => `{"ж${index}":0}`),
  "two distinct names": listOf((index) => `{"j${index}":0,"k${index}":0}`),
  "ten distinct names": listOf((index) =>
    objectOf(
      10,
      (name) => `${index}k${name}`,
      () => "0",
    ),
  ),
  "a hundred distinct names": listOf((index) =>
    objectOf(
      100,
      (name) => `${index}k${name}`,
      () => "0",
    ),
  ),
  "an object of very many names": `{${many((index) => `"k${index}":0`)}}`,
  "names in any order": listOf((index) => `{${shuffled(index).map((name) => `"${name}":0`)}}`),
  "values of any kind": listOf(
    (index) => `{${shuffled(index).map((name, at) => `"${name}":${VALUES[(index + at) % 6]}`)}}`,
  ),
  "doubles by names in any order": listOf((index) => `{${shuffled(index).map((name) => `"${name}":1.5`)}}`),
  "a name that is an index": listOf(() => '{"999":0}'),
  "a small index": listOf(() => '{"9":0}'),
  "distinct indices": listOf((index) => `{"${index}":0,"${index + 50}":0}`),
  "twenty indices": listOf(() =>
    objectOf(
      20,
      (name) => `${name * 8}`,
      () => "0",
    ),
  ),
  "very many indices": `{${many((index) => `"${index * 7}":0`)}}`,
  "an empty name": listOf(() => '{"":0}'),
  "an object in an object": listOf(() => '{"a":{"b":{}}}'),
  "distinct names, deep": listOf(
    (index) =>
      `${objectOf(
        1,
        () => `a${index}`,
        () =>
          objectOf(
            1,
            () => `b${index}`,
            () => "{}",
          ),
      )}`,
  ),
  numbers: listOf(() => "0"),
  doubles: listOf(() => "1.5"),
  "doubles among others": `[{},${many(() => "1.5")}]`,
  "short doubles among others": `[{},${many(() => "3e9")}]`,
  "-0 among others": `[{},${many(() => "-0")}]`,
  "ten digits among others": `[{},${many(() => "9999999999")}]`,
  "empty texts": listOf(() => '""'),
  "short texts": listOf((index) => `"${index.toString(36)}"`),
  "texts of eleven": listOf((index) => `"abcdefg${index.toString(36).padStart(4, "0")}"`),
  "texts of two bytes a character": listOf((index) => `"ж${index}"`),
  "long texts of two bytes a character": listOf(() => `"ж${"x".repeat(1000)}"`),
  "escaped texts": listOf((index) => `"\\u0436${index}${"x".repeat(50)}"`),
  constants: listOf((index) => ["true", "false", "null"][index % 3] ?? ""),
  headers: `{"calls":${listOf((index) => `[${index},"a",null,{"x-${index}":"b"}]`)}}`,
  "tiny calls": `{"calls":[${Array.from({ length: 65_536 }, (_, index) => `[${index},"a"]`)}]}`,
  "refused calls": `{"refused":${listOf((index) => `[${index},"a","HOOK_REFUSED","no"]`)}}`,
  lines: `{"logs":${listOf((index) => `["log","${index}"]`)}}`,
  "a list of blobs": `{"blobs":${listOf((index) => `${index}`)}}`,
}

/** What lives of an engine's own while it measures: compiled code, tables that grow. */
const OWN_BYTES = 256 * 1024

function heap(): number {
  for (let round = 0; round < 3; round++) gc?.()
  return process.memoryUsage().heapUsed
}

const results = Object.entries(SHAPES).map(([shape, json]) => {
  const counted = measureJson(Buffer.from(json), 512)?.total
  const before = heap()
  const parsed: unknown = JSON.parse(json)
  const real = heap() - before
  // Until here it is in use.
  return [shape, parsed === undefined ? 0 : real - OWN_BYTES, counted]
})
process.stdout.write(JSON.stringify(results))

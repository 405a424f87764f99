/** In place of `node:test` while tests are listed: notes each title, in the order of a run, and runs nothing. */
import { mock as realMock } from "node:test"

type Body = () => unknown
type Words = readonly [title: string, ...rest: readonly unknown[]]

interface Registers {
  (...words: Words): void
  skip(): void
  todo(): void
}

const titles: string[] = []
const groups: string[] = []

/** Returns the titles that were noted since the last call, each behind those of its groups. */
export function takeTitles(): string[] {
  return titles.splice(0)
}

/** `node:test` reports a skipped test as neither passed nor failed, so that none may be counted here. */
function registers(register: (title: string, body: Body) => void): Registers {
  const take = (...[title, ...rest]: Words): void => {
    const options = rest.find((word) => typeof word === "object") as { skip?: unknown; todo?: unknown } | undefined
    if (!options?.skip && !options?.todo)
      register(title, (rest.find((word) => typeof word === "function") ?? none) as Body)
  }
  return Object.assign(take, { skip: none, todo: none })
}

const none = (): void => {}

export const test: Registers = registers((title) => titles.push([...groups, title].join(" > ")))
export const describe: Registers = registers((title, body) => {
  groups.push(title)
  body()
  groups.pop()
})
export { describe as suite, test as it }
export const before: Body = none
export const after: Body = none
export const beforeEach: Body = none
export const afterEach: Body = none
export const mock: typeof realMock = realMock
export default test

import type { Answer, HookUnderTest } from "./hook-under-test.ts"
import { judge } from "./judge.ts"
import type { TestCase, TestFile } from "./test-file.ts"

export interface CaseResult {
  readonly file: string
  readonly case: TestCase
  readonly answer: Answer
  /** What is wrong; `null` when all is as expected. */
  readonly problem: string | null
}

/** Runs the cases one after the other, so that a hook with state sees them in their order. */
export async function runCases(
  files: readonly TestFile[],
  only: string | undefined,
  hook: HookUnderTest,
): Promise<CaseResult[]> {
  const results: CaseResult[] = []
  for (const { file, cases } of files)
    for (const testCase of cases) {
      if (only !== undefined && !testCase.name.includes(only)) continue
      const answer = await hook.ask(testCase.call, testCase.window)
      results.push({ file, case: testCase, answer, problem: judge(answer, testCase.expect) })
    }
  return results
}

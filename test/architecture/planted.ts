// Plants a violation in a file that exists only in memory: what the tests of the rules are made of.

import assert from 'node:assert/strict'
import type { SourceFile, Violation } from './source.ts'

export const file = (path: string, text: string): SourceFile => ({ path, text })
type Rule = (files: readonly SourceFile[]) => readonly Violation[]

/** Asserts that the rule finds exactly one violation, in the second line of this file. */
export function bites(rule: Rule, path: string, line: string) {
  const found = rule([file(path, `// A file.\n${line}\n`)])
  assert.deepEqual(
    found.map((one) => `${one.path}:${one.line}`),
    [`${path}:2`],
    `in ${path}: ${line}`,
  )
}

/** Asserts that the rule lets this line pass in this file. */
export function passes(rule: Rule, path: string, line: string) {
  assert.deepEqual(rule([file(path, `// A file.\n${line}\n`)]), [], `in ${path}: ${line}`)
}

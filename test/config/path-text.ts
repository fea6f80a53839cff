// The sound plant file with other ways to its devices, and what the loader says of it.

import assert from 'node:assert/strict'
import { loadText, soundText } from './plant-text.ts'

export const doorOfA = "{ modbus: 'tcp://10.1.0.11:502', unit: 1 }"
export const doorOfB = "{ modbus: 'tcp://10.1.0.12:502', unit: 1 }"
export const doorOfUps = "profile: demo-ups, modbus: 'tcp://10.1.0.20:502' }"

/** The sound plant file without its tags: a way of another protocol would make each of them a fault of its own. */
export const withoutTags = soundText.replace(/ {4}tags:[\s\S]*? {4}policy:/, '    policy:')

export type Changes = readonly (readonly [from: string, to: string])[]
/** What a person got wrong, the places that were changed, and every line that is told. */
export type BadPaths = readonly [what: string, changes: Changes, lines: readonly string[]]

/** A text with several places changed; each must be there exactly once. */
export function altered(text: string, changes: Changes): string {
  return changes.reduce((before, [from, to]) => {
    const parts = before.split(from)
    assert.equal(parts.length, 2, `"${from}" stands ${parts.length - 1} times in the text`)
    return parts.join(to)
  }, text)
}

/** Runs a table on a text; each row must be refused with exactly its lines. */
export function refusesPaths(text: string, table: readonly BadPaths[]): void {
  for (const [what, changes, lines] of table) {
    it(`refuses ${what}`, async () => {
      const told = await loadText(altered(text, changes))
      assert.equal(told.result.ok, false)
      assert.deepEqual(told.lines, lines)
    })
  }
}

/** Runs a table on a text; each row must be loaded, with these lines among its warnings. */
export function warnsOfPaths(text: string, table: readonly BadPaths[]): void {
  for (const [what, changes, lines] of table) {
    it(`loads, and warns of ${what}`, async () => {
      const told = await loadText(altered(text, changes))
      assert.equal(told.result.ok, true)
      for (const line of lines) assert.ok(told.lines.includes(line), told.lines.join('\n'))
    })
  }
}

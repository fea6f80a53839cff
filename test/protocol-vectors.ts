// The test vectors of the manual. Everything that speaks the protocol is held against the same lines, wherever it was written.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

const page = readFileSync(new URL('../docs/protocols.md', import.meta.url), 'utf8')

/** The words of a test vector as they stand in docs/protocols.md. */
export function vector(name: string): readonly number[] {
  const row = page.split('\n').find((line) => line.startsWith(`| ${name} |`))
  const words = row?.match(/`([0-9A-F ]+)`/)?.[1]
  assert.ok(words, `no vector ${name}`)
  return words.split(' ').map((word) => Number.parseInt(word, 16))
}

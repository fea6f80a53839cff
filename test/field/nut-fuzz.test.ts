// Random and mutated bytes through everything that the answer of a NUT server goes through.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isUnknown } from '../../src/core/image.ts'
import type { NutSignal } from '../../src/core/plant.ts'
import { nutValue } from '../../src/field/nut/values.ts'
import { VariableList } from '../../src/field/nut/variable-list.ts'
import { LineSplitter } from '../../src/field/nut/words.ts'
import { seed } from './devices.ts'
import { goodList } from './nut-line-server.ts'
import { nutSignal, nutToken } from './ups-devices.ts'

const numRuns = Number(process.env.CASES ?? 100_000)

describe('random bytes from a NUT server', () => {
  const kinds: readonly NutSignal[] = [
    nutSignal('number'),
    nutSignal('whole', { type: 'int16', names: { 1: 'one' } }),
    nutSignal('text', { type: 'string', variable: 'ups.mfr' }),
    nutToken('word', 'OL'),
  ]
  const good = Buffer.from(
    goodList({ 'battery.charge': '97', 'ups.mfr': 'Acme "Q"', 'ups.status': 'OL CHRG' }),
  )
  const mutation = fc.record({
    at: fc.nat(good.length - 1),
    cut: fc.nat(6),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.constantFrom('"', '\\', '\n', '\0', ' ').map((text) => new Uint8Array(Buffer.from(text))),
    ),
  })
  const stream = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .array(mutation, { maxLength: 4 })
      .map((changes) =>
        changes.reduce<Buffer>(
          (bytes, { at, cut, put }) =>
            Buffer.concat([
              bytes.subarray(0, at),
              put,
              bytes.subarray(Math.min(at + cut, bytes.length)),
            ]),
          good,
        ),
      ),
  )

  it(`never crash anything, nor become a value that was not sent (SEED=${seed})`, () => {
    fc.assert(
      fc.property(stream, fc.nat(40), (bytes, chunk) => {
        const splitter = new LineSplitter()
        const list = new VariableList('rack')
        for (let at = 0; at < bytes.length; at += chunk + 1) {
          const taken = splitter.take(bytes.subarray(at, at + chunk + 1))
          if ('fault' in taken) return
          for (const line of taken.lines) {
            const answer = list.take(line)
            if (answer?.kind === 'list') return believed(answer.variables, bytes)
            if (answer !== undefined) return
          }
        }
      }),
      { numRuns, seed },
    )
  })

  /** Every value that is taken from a list stood in the bytes, on a line of its own UPS. */
  function believed(variables: ReadonlyMap<string, string>, bytes: Buffer): void {
    const sentences = bytes.toString('utf8').split('\n').map(spoken)
    for (const [name, value] of variables) {
      const wanted = JSON.stringify(['VAR', 'rack', name, value])
      assert(sentences.includes(wanted), `${name} "${value}" of ${bytes.toString('latin1')}`)
    }
    for (const signal of kinds) {
      const value = nutValue(signal, variables)
      if (typeof value === 'number') assert(Number.isFinite(value))
      else assert(typeof value === 'string' || typeof value === 'boolean' || isUnknown(value))
      const sent = variables.get(signal.variable)
      if (typeof value === 'number') assert.equal(value, Number(sent))
    }
  }
})

/** The words of a line, one character after the other, as a second opinion; in JSON, to be compared. */
function spoken(line: string): string {
  const words: string[] = []
  let word: string | undefined
  let inQuotes = false
  let escaped = false
  for (const char of line.replace(/\r$/, '')) {
    if (escaped) {
      word = `${word}${char}`
      escaped = false
    } else if (inQuotes && char === '\\') escaped = true
    else if (char === '"') {
      inQuotes = !inQuotes
      word ??= ''
    } else if (char === ' ' && !inQuotes) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = `${word ?? ''}${char}`
  }
  return JSON.stringify(word === undefined ? words : [...words, word])
}

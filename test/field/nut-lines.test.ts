// The words of the NUT protocol, its list of variables, and what they mean: tables, and random bytes.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { isUnknown, type Value } from '../../src/core/image.ts'
import type { NutSignal } from '../../src/core/plant.ts'
import { nutValue } from '../../src/field/nut/values.ts'
import { type ListAnswer, VariableList } from '../../src/field/nut/variable-list.ts'
import { LineSplitter, lineBytesMax, quoted, wordsOf } from '../../src/field/nut/words.ts'
import { seed } from './devices.ts'
import { goodList } from './nut-line-server.ts'
import { nutSignal, nutToken } from './ups-devices.ts'

const cases = Number(process.env.CASES ?? 20_000)
const random = { numRuns: cases, seed } as const

describe('the words of a NUT line', () => {
  const rows: [string, string, string[] | undefined][] = [
    ['are parted by blanks', 'VAR rack  ups.load 12', ['VAR', 'rack', 'ups.load', '12']],
    [
      'keep their blanks in quotes',
      'VAR rack ups.status "OL CHRG"',
      ['VAR', 'rack', 'ups.status', 'OL CHRG'],
    ],
    ['may be empty in quotes', 'VAR rack ups.id ""', ['VAR', 'rack', 'ups.id', '']],
    ['hold quotes behind a backslash', '"Acme \\"Q\\""', ['Acme "Q"']],
    ['hold backslashes behind a backslash', '"a\\\\b" c', ['a\\b', 'c']],
    ['are none in an empty line', '', []],
    ['are refused when a quotation does not end', 'VAR rack ups.id "abc', undefined],
    ['are refused when a quotation ends in a backslash', 'VAR rack ups.id "abc\\"', undefined],
    ['are refused when a word goes on behind its quotes', '"abc"d', undefined],
    ['are refused when a quote stands inside a word', 'ab"c', undefined],
    ['are refused when a backslash stands outside quotes', 'ab\\c', undefined],
  ]
  for (const [title, line, expected] of rows) {
    it(title, () =>
      assert.deepEqual(
        wordsOf(line)?.map((word) => word.text),
        expected,
      ),
    )
  }

  it('come back from their quotes whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }).filter((text) => !/[\n\r]/.test(text))),
        (texts) => {
          const line = texts.map(quoted).join(' ')
          assert.deepEqual(
            wordsOf(line),
            texts.map((text) => ({ text, quoted: true })),
          )
        },
      ),
      { ...random, numRuns: Math.min(cases, 2000) },
    )
  })
})

describe('the lines of a NUT stream', () => {
  const split = (...chunks: (string | Buffer)[]): string[] | string => {
    const splitter = new LineSplitter()
    const lines: string[] = []
    for (const chunk of chunks) {
      const taken = splitter.take(Buffer.from(chunk))
      if ('fault' in taken) return taken.fault
      lines.push(...taken.lines)
    }
    return lines
  }
  it('are the same however the bytes come', () => {
    const text = goodList()
    const whole = text.split('\n').slice(0, -1)
    assert.deepEqual(split(text), whole)
    assert.deepEqual(split(...text), whole)
    assert.deepEqual(split(text + text), [...whole, ...whole])
  })
  it('may end as on Windows', () => assert.deepEqual(split('OK\r\n'), ['OK']))
  it('keep letters that come in two halves', () => {
    const bytes = Buffer.from('VAR rack ups.mfr "Möller"\n')
    const middle = bytes.indexOf(0xc3) + 1
    assert.deepEqual(split(bytes.subarray(0, middle), bytes.subarray(middle)), [
      'VAR rack ups.mfr "Möller"',
    ])
  })
  it('may have 8192 bytes and no more, ended or not', () => {
    const long = 'x'.repeat(lineBytesMax)
    assert.deepEqual(split(`${long}\n`), [long])
    assert.equal(split(`${long}y\n`), 'a line of more than 8192 bytes')
    assert.equal(split(long, 'y'), 'a line of more than 8192 bytes')
  })
  it('hold no zero bytes', () => assert.equal(split('OK', '\0\n'), 'a zero byte in the stream'))
})

/** What a whole stream of lines is as the answer about `rack`. */
function answerOf(lines: readonly string[]): ListAnswer | undefined {
  const list = new VariableList('rack')
  for (const line of lines) {
    const answer = list.take(line)
    if (answer !== undefined) return answer
  }
  return undefined
}

describe('the list of variables', () => {
  const detailOf = (lines: string): string | undefined => {
    const answer = answerOf(lines.split('\n'))
    return answer?.kind === 'list' ? `${answer.variables.size} variables` : answer?.detail
  }
  const begin = 'BEGIN LIST VAR rack'
  const one = 'VAR rack battery.charge "97"'
  const end = 'END LIST VAR rack'
  const rows: [string, string, string | undefined][] = [
    ['is whole from its beginning to its end', `${begin}\n${one}\n${end}`, '1 variables'],
    ['may be empty', `${begin}\n${end}`, '0 variables'],
    ['is not there before its end', `${begin}\n${one}`, undefined],
    ['is refused for another UPS', 'BEGIN LIST VAR pump', 'a list for the UPS "pump"'],
    [
      'is refused when it ends for another UPS',
      `${begin}\nEND LIST VAR pump`,
      'a list for the UPS "pump"',
    ],
    [
      "is refused with another UPS's variable",
      `${begin}\nVAR pump a "1"`,
      'a variable of the UPS "pump"',
    ],
    ['is refused when it begins twice', `${begin}\n${begin}`, 'a second beginning of the list'],
    ['is refused when it ends without beginning', end, 'an end of a list that never began'],
    ['is refused when a variable comes before it', one, 'a variable before the list began'],
    [
      'is refused when a variable comes twice',
      `${begin}\n${one}\n${one}`,
      '"battery.charge" twice in one list',
    ],
    [
      'is refused with a value that is not in quotes',
      `${begin}\nVAR rack a 1`,
      'an unexpected line: "VAR rack a 1"',
    ],
    [
      'is refused with a word too many',
      `${begin}\nVAR rack a "1" b`,
      'an unexpected line: "VAR rack a "1" b"',
    ],
    [
      'is refused as a list of something else',
      'BEGIN LIST RW rack',
      'an unexpected line: "BEGIN LIST RW rack"',
    ],
    [
      'is refused with an error in its midst',
      `${begin}\nERR DATA-STALE`,
      'an unexpected line: "ERR DATA-STALE"',
    ],
    ['is refused with an empty line', `${begin}\n\n${end}`, 'an unexpected line: ""'],
    [
      'is refused with broken quotes',
      'VAR rack a "1',
      'a line that is not of the NUT protocol: "VAR rack a "1"',
    ],
    ['shows foreign bytes as question marks', '\u0007\u001b[2J', 'an unexpected line: "??[2J"'],
    [
      'says when the values are old',
      'ERR DATA-STALE',
      'the NUT server has only old values: its driver does not reach the UPS (DATA-STALE)',
    ],
    [
      'says when the driver is gone',
      'ERR DRIVER-NOT-CONNECTED',
      'the NUT server has no connection to the driver of this UPS (DRIVER-NOT-CONNECTED)',
    ],
    [
      'says when nobody knows the UPS',
      'ERR UNKNOWN-UPS',
      'the NUT server knows no UPS "rack" (UNKNOWN-UPS)',
    ],
    [
      'says when we may not ask',
      'ERR ACCESS-DENIED',
      'the NUT server denies access to this computer or user (ACCESS-DENIED)',
    ],
    ['shows an error that is new', 'ERR TOO-WARM', 'the NUT server refuses: "TOO-WARM"'],
  ]
  for (const [title, lines, expected] of rows) {
    it(title, () => assert.equal(detailOf(lines), expected))
  }
  it('has at most 4096 variables', () => {
    const many = Array.from({ length: 4097 }, (_, index) => `VAR rack v${index} "1"`)
    assert.deepEqual(answerOf([begin, ...many, end]), {
      kind: 'fault',
      detail: 'a list of more than 4096 variables',
    })
    assert.equal(answerOf([begin, ...many.slice(1), end])?.kind, 'list')
  })
})

describe('a NUT variable', () => {
  const unknown = (why: string): Value => ({ unknown: why })
  const status = (text: string) => ({ 'ups.status': text })
  const both = unknown('the UPS says on mains and on battery at once')
  const waiting = unknown('the NUT server waits for the first data of the UPS')
  const rows: [string, NutSignal, Record<string, string>, Value][] = [
    ['is a number', nutSignal('x'), { 'battery.charge': '97.5' }, 97.5],
    ['may be negative', nutSignal('x'), { 'battery.charge': '-0.25' }, -0.25],
    ['is scaled', nutSignal('x', { scale: 60 }), { 'battery.charge': '2' }, 120],
    [
      'is moved by its offset',
      nutSignal('x', { scale: 0.1, offset: -4 }),
      { 'battery.charge': '229' },
      18.9,
    ],
    [
      'may mean not known',
      nutSignal('x', { unknownWhen: [-1] }),
      { 'battery.charge': '-1' },
      unknown('reads -1, which means not known'),
    ],
    [
      'may have a name',
      nutSignal('x', { type: 'uint16', names: { 2: 'low' } }),
      { 'battery.charge': '2.0' },
      'low',
    ],
    [
      'is unknown without a name',
      nutSignal('x', { names: { 2: 'low' } }),
      { 'battery.charge': '3' },
      unknown('reads 3, has no name'),
    ],
    [
      'is not known when it is not reported',
      nutSignal('x'),
      {},
      unknown('not reported by this UPS'),
    ],
    [
      'is no number with a comma',
      nutSignal('x'),
      { 'battery.charge': '97,5' },
      unknown('reads "97,5", expected a number'),
    ],
    [
      'is no number with its unit',
      nutSignal('x'),
      { 'battery.charge': '97 %' },
      unknown('reads "97 %", expected a number'),
    ],
    [
      'is no number when empty',
      nutSignal('x'),
      { 'battery.charge': '' },
      unknown('reads "", expected a number'),
    ],
    [
      'is no number as NaN',
      nutSignal('x'),
      { 'battery.charge': 'NaN' },
      unknown('reads "NaN", expected a number'),
    ],
    [
      'is no number in hexadecimal',
      nutSignal('x'),
      { 'battery.charge': '0x61' },
      unknown('reads "0x61", expected a number'),
    ],
    [
      'is no number with an exponent',
      nutSignal('x'),
      { 'battery.charge': '1e3' },
      unknown('reads "1e3", expected a number'),
    ],
    [
      'must be whole where that is asked',
      nutSignal('x', { type: 'uint16' }),
      { 'battery.charge': '1.5' },
      unknown('reads 1.5, expected a whole number'),
    ],
    [
      'must fit its type',
      nutSignal('x', { type: 'uint16' }),
      { 'battery.charge': '70000' },
      unknown('reads 70000, outside 0 to 65535'),
    ],
    [
      'is a text',
      nutSignal('x', { type: 'string', variable: 'ups.mfr' }),
      { 'ups.mfr': 'Acme "Q" ' },
      'Acme "Q"',
    ],
    [
      'is no text with control characters',
      nutSignal('x', { type: 'string', variable: 'ups.mfr' }),
      { 'ups.mfr': 'A\u0007' },
      unknown('is not readable text'),
    ],
    [
      'shows the whole status as a text',
      nutSignal('x', { type: 'string', variable: 'ups.status' }),
      status('OL CHRG'),
      'OL CHRG',
    ],
    ['has a word', nutToken('x', 'OL'), status('OL CHRG'), true],
    ['has no other word', nutToken('x', 'OB'), status('OL CHRG'), false],
    ['has whole words only', nutToken('x', 'CHRG'), status('OL DISCHRG'), false],
    ['may hold words that nobody knows', nutToken('x', 'OL'), status('HEATING OL'), true],
    ['may say a word twice', nutToken('x', 'OB'), status('OB OFF OB'), true],
    ['is not known while NUT waits for the UPS', nutToken('x', 'OL'), status('WAIT'), waiting],
    [
      'is not known while NUT waits, whatever else it says',
      nutToken('x', 'LB'),
      status('OL WAIT'),
      waiting,
    ],
    ['is neither on mains when it says both', nutToken('x', 'OL'), status('OL OB'), both],
    ['nor on battery', nutToken('x', 'OB'), status('OB LB OL'), both],
    ['though its battery may be low then', nutToken('x', 'LB'), status('OB LB OL'), true],
    [
      'is not known when the status is empty',
      nutToken('x', 'OL'),
      status('  '),
      unknown('the status is empty'),
    ],
  ]
  for (const [title, signal, variables, expected] of rows) {
    it(title, () =>
      assert.deepEqual(nutValue(signal, new Map(Object.entries(variables))), expected),
    )
  }
})

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
      random,
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

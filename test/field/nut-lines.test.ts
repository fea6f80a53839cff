// The words of the NUT protocol and its list of variables.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type ListAnswer, VariableList } from '../../src/field/nut/variable-list.ts'
import { LineSplitter, lineBytesMax, quoted, wordsOf } from '../../src/field/nut/words.ts'
import { seed } from './devices.ts'
import { goodList } from './nut-line-server.ts'

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
      { numRuns: 2000, seed },
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

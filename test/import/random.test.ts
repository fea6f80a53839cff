// Lists that nobody would write: whatever stands in a file, it is read or refused with a place, and what is taken is YAML that
// the plant file accepts.

import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parse } from 'yaml'
import { tagSchema } from '../../src/config/schema.ts'
import { faultText } from '../../src/config/source.ts'
import { convert } from '../../src/import/convert.ts'
import { listFormats, readList } from '../../src/import/read-list.ts'
import { isFault } from '../../src/import/tag-list.ts'
import { writeYaml } from '../../src/import/write-yaml.ts'
import { loadWith } from './imported.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const runs = { seed, numRuns: 300 }

const cell = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', ',', ';', '\n', '#', ':', '{', '- ', 'a', '0', '%'),
    maxLength: 8,
  }),
  fc.constantFrom(
    'constructor',
    '__proto__',
    'true',
    'null',
    '~',
    '1e999',
    '-',
    '&a',
    '*a',
    'LIC1.SP',
  ),
)
const address = fc.oneof(
  fc.nat(70_000).map((number) => `hr:${number}`),
  fc.nat(500_000).map(String),
  fc.tuple(fc.nat(300), fc.nat(17)).map(([word, bit]) => `%MW${word}.${bit}`),
  fc
    .tuple(fc.constantFrom('X', 'W', 'D', 'F', 'L', ''), fc.nat(70_000))
    .map(([size, at]) => `%M${size}${at}`),
  fc.string({ maxLength: 10 }).map((text) => `ns=2;s=${text}`),
  cell,
)
const type = fc.oneof(
  fc.constantFrom(
    'BOOL',
    'INT',
    'DWORD',
    'REAL',
    'LREAL',
    'STRING[8]',
    'STRING',
    'BCD',
    'SINT',
    'FLOAT CDAB',
    '',
  ),
  cell,
)
const row = fc.tuple(cell, address, type, cell, cell, cell, cell, cell)
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
const table = fc
  .tuple(fc.constantFrom(',', ';', '\t'), fc.array(row, { maxLength: 30 }))
  .map(([delimiter, rows]) =>
    [['name', 'address', 'type', 'units', 'low', 'high', 'scale', 'comment'], ...rows]
      .map((cells) => cells.map(quoted).join(delimiter))
      .join('\r\n'),
  )

describe(`Random tag lists (SEED=${seed})`, () => {
  it('a random table never ends the program, and what it gives is YAML with sound tags', () => {
    let taken = 0
    fc.assert(
      fc.property(table, (text) => {
        const list = readList(Buffer.from(text), undefined, undefined)
        if (isFault(list)) return
        const conversion = convert(list)
        taken += conversion.taken.length
        const { tags } = parse(writeYaml(conversion, 'x', undefined), { strict: true })
        assert.equal(tags.length, conversion.taken.length)
        for (const [index, one] of conversion.taken.entries()) {
          assert.deepEqual(tags[index], one.entry)
          tagSchema.parse(tags[index])
        }
      }),
      runs,
    )
    assert.ok(taken > 100, `only ${taken} tags were ever taken`)
  })

  it('the loader finds no fault in them', () => {
    fc.assert(
      fc.property(table, (text) => {
        const list = readList(Buffer.from(text), undefined, undefined)
        if (isFault(list)) return
        const onModbus = list.tags.filter(({ where }) => where.kind === 'register')
        const result = loadWith(convert({ ...list, tags: onModbus }), 'modbus')
        // The registers of the status block belong to the profile, which a list cannot know.
        const faults = result.ok ? [] : result.faults
        const own = faults.filter(({ message }) => !message.includes('the status block'))
        assert.deepEqual(own.map(faultText), [])
      }),
      { ...runs, numRuns: 100 },
    )
  })

  it('random bytes and broken lists are read or refused with a place', () => {
    const xml = fc
      .array(
        fc.constantFrom(
          '<project>',
          '</project>',
          '<variable name="a" address="%MW1">',
          '</variable>',
          '<type>',
          '</type>',
          '<INT/>',
          '<array>',
          '<![CDATA[',
          ']]>',
          '<!--',
          '&lt;',
          '&#0;',
          '<Tag Name="a"',
          '/>',
          '<Controller>',
          ' ',
          'x',
        ),
        { maxLength: 20 },
      )
      .map((parts) => Buffer.from(parts.join('')))
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      xml,
      table.map((text) => Buffer.from(text.slice(3))),
    )
    fc.assert(
      fc.property(bytes, fc.constantFrom(undefined, ...listFormats), (given, format) => {
        const list = readList(given, format, undefined)
        if (!isFault(list)) return
        assert.ok(list.line >= 1 && list.column >= 1)
        assert.match(list.message, /\S/)
      }),
      { ...runs, numRuns: 1000 },
    )
  })
})

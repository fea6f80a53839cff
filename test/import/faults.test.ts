// Files that are no tag list, or a broken one: each ends with one line that says what, where and what was expected.

import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { sizeMax } from '../../src/import/list-text.ts'
import { readXml } from '../../src/import/xml.ts'
import { entryOf, faultOf, importedBytes, importedText, reasonOf } from './imported.ts'

const says = (fault: { line: number; column: number; message: string }): string =>
  `${fault.line}:${fault.column} ${fault.message}`

describe('Files that are no tag list', () => {
  it('an empty file is called empty', () => {
    assert.equal(says(faultOf('')), '1:1 the file is empty; expected a tag list')
    assert.equal(says(faultOf('\uFEFF \r\n\n')), '1:1 the file is empty; expected a tag list')
  })

  it('a workbook, an archive and a document are told by name', () => {
    assert.match(faultOf(Buffer.from('PK\u0003\u0004....')).message, /\.xlsx workbook.*as CSV/)
    assert.match(faultOf(gzipSync('tag,address')).message, /gzip archive/)
    assert.match(faultOf('%PDF-1.7').message, /PDF/)
  })

  it('any other binary file is refused', () => {
    assert.match(
      faultOf(Buffer.from([1, 2, 3, 0, 4, 5])).message,
      /binary file; expected CSV or XML/,
    )
  })

  it('a file above 50 MB is not read', () => {
    assert.match(faultOf(Buffer.alloc(sizeMax + 1, 32)).message, /at most 50000000 are read/)
  })
})

describe('CSV files with something wrong', () => {
  it('without column names the first line is shown and the words that were expected', () => {
    assert.equal(
      says(faultOf('LIC301,100,REAL\nLIC302,102,REAL\n')),
      '1:1 no column for the name: expected a line of column names with name, tag or symbol, found "LIC301", "100", "REAL"',
    )
  })

  it('a misspelled column is recognised', () => {
    assert.match(
      says(faultOf('Tag,Adress,Type\na,1,INT\n')),
      /^1:1 no column for the address: .*; did you mean "address" by "Adress"\?$/,
    )
  })

  it('a quote that is never closed is found with its line', () => {
    assert.match(says(faultOf('tag,address\na,1\n"b,2\nc,3\n')), /^3:1 CSV: Quote Not Closed/)
  })

  it('XML under the name of CSV is told', () => {
    assert.match(faultOf('<project/>', 'csv').message, /expected CSV, found XML/)
  })

  it('an unknown type names the nearest right one', () => {
    const list = importedText('tag,address,type\na,hr:1,FLOT\nb,hr:3,REAL\n')
    assert.equal(reasonOf(list, 'a'), 'unknown type "FLOT"; did you mean FLOAT?')
  })

  it('a scale or a range that is no number is left away and marked', () => {
    const text = 'tag;address;type;scale;range\na;hr:1;INT;1:10;full\nb;hr:2;INT;0;10..0\n'
    const list = importedText(text)
    const doubts = [...entryOf(list, 'a').doubts, ...entryOf(list, 'b').doubts].join('\n')
    assert.match(doubts, /scale "1:10" is no number/)
    assert.match(doubts, /"full" is no range/)
    assert.match(doubts, /a scale of 0/)
    assert.match(doubts, /"10\.\.0" is no range/)
  })

  it('a bit without its number is taken as the lowest one and marked', () => {
    const { entry, doubts } = entryOf(importedText('tag,address,type\na,40101,BOOL\n'), 'a')
    assert.equal(entry.at, 'hr:100.0')
    assert.match(doubts.join(), /lowest bit/)
  })

  it('a number in one bit is left out', () => {
    assert.match(reasonOf(importedText('tag,at,type\na,hr:1.3,REAL\nb,hr:5,INT\n'), 'a'), /one bit/)
  })
})

describe('Encodings', () => {
  it('UTF-16, as Excel writes it, is read in both byte orders', () => {
    const text = '\uFEFFName\tAddress\tType\nTrykk innløp\t40001\tINT\n'
    for (const bytes of [Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()]) {
      assert.equal(importedBytes(bytes).taken[0]?.entry.name, 'Trykk_innloep')
    }
  })

  it('an old Windows code page is read, and a note says so', () => {
    const bytes = Buffer.from('Name;Adresse;Typ\nFüllstand;40001;INT\n', 'latin1')
    const list = importedBytes(bytes)
    assert.equal(list.taken[0]?.entry.name, 'Fuellstand')
    assert.match(list.notes.join(), /not UTF-8; it was read as Windows-1252/)
  })
})

describe('XML files with something wrong', () => {
  it('a broken element is found with its line and column', () => {
    assert.match(
      says(faultOf('<project>\n  <types></pous>\n</project>')),
      /^2:10 XML: Expected closing tag 'types' .*instead of closing tag 'pous'/,
    )
    assert.match(says(faultOf('<project>\n <a b=1/></project>')), /^2:\d+ XML: /)
  })

  it('an unknown kind of XML is told', () => {
    assert.match(
      faultOf('<html><body/></html>').message,
      /of no kind known here; expected <project>/,
    )
    assert.match(faultOf('<project/>', 'l5x').message, /take --format plcopen/)
    assert.match(faultOf('<RSLogix5000Content/>', 'plcopen').message, /take --format l5x/)
    assert.match(faultOf('<RSLogix5000Content/>').message, /no <Controller>/)
    assert.match(faultOf('tag,address', 'l5x').message, /no XML/)
  })

  it('a document type is refused, so no entity ever grows or reads a file', () => {
    const laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><project>&b;</project>'
    assert.match(faultOf(laughs, 'plcopen').message, /DOCTYPE/)
    const file = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><project>&x;</project>'
    assert.match(faultOf(file, 'plcopen').message, /DOCTYPE/)
  })

  it('an entity that slips past that stays text', () => {
    const hidden = '<a><b>&x;</b><!DOCTYPE l [<!ENTITY x "grown">]></a>'
    const read = readXml(hidden, [])
    assert.ok(!JSON.stringify(read).includes('"grown"'))
  })

  it('elements inside elements without end are refused', () => {
    const deep = `${'<project>'.repeat(5000)}${'</project>'.repeat(5000)}`
    assert.match(faultOf(deep, 'plcopen').message, /nested/)
  })
})

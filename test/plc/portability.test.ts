// That config/plc stays inside the second edition of IEC 61131-3 and beside docs/protocols.md: the interpreter takes it, and refuses what
// another controller might not take; every quotation is on the page, and every rule of the page is quoted.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { compile } from './compile.ts'
import { partsOf } from './declarations.ts'
import { plcFiles, plcText } from './st-unit.ts'

const folder = new URL('../../config/plc/', import.meta.url)
const flat = (text: string): string => text.replace(/\s+/g, ' ')
const page = flat(readFileSync(new URL('../../docs/protocols.md', import.meta.url), 'utf8'))

/** What stands in double quotes in the comments. */
const quotations = (file: string): readonly string[] =>
  [...plcText(file).matchAll(/\(\*([\s\S]*?)\*\)/g)].flatMap(([, comment = '']) =>
    [...comment.matchAll(/"([^"]+)"/g)].map(([, quoted = '']) => flat(quoted)),
  )

const program = (variables: string, body = ''): string =>
  `FUNCTION_BLOCK TRIAL\nVAR\n${variables}\nEND_VAR\n${body}\nEND_FUNCTION_BLOCK`
const inside = (body: string): string =>
  program('W : WORD; D4 : DWORD; U : UINT; I : INT; B : BOOL; A : ARRAY [0..3] OF WORD;', body)

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['a comment of the third edition', inside('// so'), /"\/\/ so" is not in the subset/],
  ['a comment inside a comment', inside('(* a (* b *)'), /a comment inside a comment/],
  ['a pointer', program('P4 : POINTER;'), /POINTER is a word of the language/],
  ['a reference', program('P4 : REF_TO;'), /REF_TO is a word/],
  ['numbers of 64 bits', program('L4 : ULINT;'), /ULINT is a word/],
  ['floating numbers', inside('I := 1.5;'), /is not in the subset/],
  ['a string', program("S9 : STRING := 'x';"), /not in the subset/],
  ['an assignment of outputs in a call', inside('I := F(Q9 => I);'), /expected a name, not ">"/],
  ['CASE', inside('CASE I OF 1: B := TRUE; END_CASE;'), /CASE is a word/],
  ['EXIT', inside('FOR I := 0 TO 3 DO EXIT; END_FOR;'), /EXIT is a word/],
  ['RETURN', inside('RETURN;'), /RETURN is a word/],
  ['WHILE', inside('WHILE B DO B := FALSE; END_WHILE;'), /WHILE is a word/],
  ['an array with named bounds', program('A : ARRAY [0..LAST] OF WORD;'), /bounds are not numbers/],
  [
    'an array of a length that is found at run time',
    program('A : ARRAY [*] OF WORD;'),
    /expected "\.\.", not "\]"/,
  ],
  ['a variable of outside', program('W AT %MW10 : WORD;'), /"%MW10/],
  [
    'VAR_IN_OUT',
    'FUNCTION_BLOCK T1\nVAR_IN_OUT\nEND_VAR\nEND_FUNCTION_BLOCK',
    /VAR_IN_OUT is not in/,
  ],
  ['a name with two underscores', program('A__B : WORD;'), /not in the subset/],
  ['a name that is a standard function', program('LEFT : WORD;'), /LEFT is a word of the language/],
  ['a silent conversion', inside('D4 := W;'), /a WORD where a DWORD is needed/],
  ['a number in place of a bit string', inside('W := 5;'), /5 needs its type: WORD#5/],
  ['bit strings compared by size', inside('B := W < A[0];'), /< of two WORD/],
  ['arithmetic with bit strings', inside('W := W + A[0];'), /\+ of two WORD/],
  ['a whole array as a value', inside('A := A;'), /not used as what it was declared/],
  [
    'a loop that changes its counter',
    inside('FOR I := 0 TO 3 DO I := 3; END_FOR;'),
    /inside its loop/,
  ],
  ['a variable that nothing uses', program('W : WORD;'), /TRIAL never uses W/],
  [
    'an input that is written',
    'FUNCTION_BLOCK T1\nVAR_INPUT\nB : BOOL;\nEND_VAR\nB := TRUE;\nEND_FUNCTION_BLOCK',
    /B may not be written here/,
  ],
  ['a call of something that comes later', inside('W := LATER(W);'), /no function LATER/],
  ['a function with memory', 'FUNCTION F1 : WORD\nVAR RETAIN\nEND_VAR\nEND_FUNCTION', /forgets/],
]

describe('The Structured Text in config/plc', () => {
  it('is wholly inside the subset, file after file in the order of the guide', () => {
    assert.deepEqual(
      readdirSync(folder)
        .filter((name) => name.endsWith('.st'))
        .sort(),
      [...plcFiles].sort(),
    )
    compile(
      plcFiles.flatMap((file) => partsOf(plcText(file))),
      { nowMs: 0 },
    )
  })

  it('is plain ASCII, as old engineering tools want it', () => {
    for (const file of plcFiles) assert.match(plcText(file), /^[\n -~]*$/, file)
  })

  it('quotes the protocol page word for word', () => {
    const all = plcFiles.flatMap((file) => quotations(file).map((text) => [file, text] as const))
    assert.ok(all.length > 50)
    const strange = all.filter(([, text]) => !page.includes(text) && !text.startsWith('my outputs'))
    assert.deepEqual(strange, [])
  })

  it('quotes every code of "How a block is judged"', () => {
    const rules = page.slice(page.indexOf('### How a block is judged'), page.indexOf('## 5 Unit'))
    const quoted = plcFiles.flatMap(quotations).join(' ')
    for (const code of rules.match(/\b[A-Z]{2,}_?[A-Z]+\b/g) ?? []) {
      assert.ok(quoted.includes(code), `${code} is in no quotation`)
    }
  })

  for (const [what, text, why] of refused) {
    it(`may not have ${what}`, () => {
      assert.throws(() => compile(partsOf(text), { nowMs: 0 }), why)
    })
  }

  it('may not rest on what a controller does when a number overflows', () => {
    const text = program('U : UINT;', 'U := U - 1;')
    const part = compile(partsOf(text), { nowMs: 0 }).get('TRIAL')
    assert.ok(part)
    assert.throws(() => part.run(part.makeFrame()), /-1 is out of the range of UINT/)
  })
})

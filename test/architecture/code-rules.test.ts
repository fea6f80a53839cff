// Shows that every rule about code bites: each gets one planted violation that it must find, at its line, and something that
// looks like it and must pass. A rule that finds nothing here would find nothing in the tree either.

import assert from 'node:assert/strict'
import { bites, file, passes } from './planted.ts'
import { purityViolations } from './purity.ts'
import {
  fileLengthViolations,
  functionLengthViolations,
  functionsOf,
  openingViolations,
  wordViolations,
} from './shape.ts'
import { codeOf } from './source.ts'

describe('the rule of purity', () => {
  const path = 'src/core/pair.ts'
  const bad = [
    'const at = Date.now()',
    'const at = new Date()',
    'const at = performance.now()',
    'const at = Math.random()',
    'const id = crypto.randomUUID()',
    'const timer = setTimeout(act, 5)',
    'const timer = setInterval(act, 5)',
    'const timer = setImmediate(act)',
    "const home = process.env['HOME']",
    'const out = console.log',
    'async function f() {}',
    'type Later = Promise<number>',
    'const page = fetch(url)',
    "import { readFileSync } from 'node:fs'",
    "import { randomBytes } from 'node:crypto'",
    'class Pair {}',
    'let count = 0',
    'export let count = 0',
  ]
  for (const line of bad)
    it(`notices: ${line}`, () => {
      bites(purityViolations, path, line)
      bites(purityViolations, 'src/journal/recover.ts', line)
      passes(purityViolations, 'src/field/poller.ts', line)
    })

  it('notices a module that remembers', () => {
    const list = 'const seen: string[] = []'
    bites(purityViolations, path, `const add = () => seen.push(1); ${list}\n${list}`)
    bites(purityViolations, path, 'const f = () => { seen.last = 1 }\nconst seen = {}')
    bites(purityViolations, path, 'const f = () => { seen[0] = 1 }\nconst seen = {}')
  })

  it('lets pass what only looks like it', () => {
    for (const line of [
      "const text = 'await the Date of console'",
      'const at = new Date(wallMs).toISOString()',
      "const moving = tag.class === 'analog'",
      'const f = () => { let depth = 0; depth += 1 }',
      'const f = (list: string[]) => list.push(1)',
      'const same = names === other',
      'const processed = unit.process.level',
    ])
      passes(purityViolations, path, line)
  })
})

describe('the rules of shape', () => {
  const path = 'src/field/latch.ts'

  it('notice what is not written here', () => {
    for (const line of [
      'const x: any = 1',
      'const x = y as any',
      'const x: any[] = []',
      'const x: Map<string, any> = y',
      'const x = list[0]!.name',
      'const x = find()!',
      'enum Role { primary }',
      'export const enum Role { primary }',
      'namespace Pair { }',
      'export default 1',
      `${'describe'}.only('x', f)`,
      `${'it'}.skip('x', f)`,
      `// ${'TO'}DO later`,
      `const x = 1 // ${'FIX'}ME`,
      `// ${'XX'}X`,
    ])
      bites(wordViolations, path, line)
    bites(
      (files) => wordViolations(files).map((one) => ({ ...one, line: 2 })),
      'src/core/utils.ts',
      'x',
    )
  })

  it('lets pass what only looks like it', () => {
    for (const line of [
      'const signal = AbortSignal.any([one, other])',
      'const sound = any.length > 0 && any.every(isSound)',
      'const other = one !== two && !three',
      "const text = 'enum Role { any }!'",
      'const todo = items.only',
    ])
      passes(wordViolations, path, line)
  })

  it('notice a file that does not say what it is for', () => {
    assert.equal(openingViolations([file(path, 'const x = 1\n')]).length, 1)
    assert.equal(openingViolations([file(path, "import './a.ts'\n// late\n")]).length, 1)
    assert.deepEqual(openingViolations([file(path, '#!/usr/bin/env node\n// Starts.\n')]), [])
  })

  it('notice a file of more than 300 lines', () => {
    assert.equal(fileLengthViolations([file(path, '//\n'.repeat(301))]).length, 1)
    assert.deepEqual(fileLengthViolations([file(path, '//\n'.repeat(300))]), [])
  })

  it('notice a function of more than 70 lines, however it is written', () => {
    const heads = [
      'function f(one: number, { two }: { two: string }): { a: number } | undefined {',
      'export async function f() {',
      'const f = (one: number) => {',
      'const f = async (one: { a: number }): Promise<{ b: number }> => {',
      'const o = {\n  method(one: number): void {',
      'class C {\n  #own(): string {',
    ]
    for (const head of heads) {
      const closing = '}\n'.repeat(head.split('\n').length)
      const longer = `${head}\n${'  x()\n'.repeat(69)}${closing}`
      const short = `${head}\n${'  x()\n'.repeat(68)}${closing}`
      assert.equal(functionLengthViolations([file(path, longer)]).length, 1, head)
      assert.deepEqual(functionLengthViolations([file(path, short)]), [], head)
    }
  })

  it('take no block, object or type for a function', () => {
    const text =
      'if (x) {\n}\nfor (const y of z) {\n}\nconst o = { a: 1 }\ntype T = { b: (c: number) => void }\nconst d = e(f) ? { g: 1 } : { h: 1 }\n'
    assert.deepEqual(functionsOf(text), [])
  })
})

describe('the reading of code', () => {
  it('blanks comments, texts and patterns, and keeps every line where it was', () => {
    const text = [
      'a // b',
      "c = 'd' + `e $" + '{f + `g$' + '{h}`} i`',
      'j = k / l / m',
      'n = /o[\'"]p/.test(q) /* r */',
    ].join('\n')
    const code = codeOf(text)
    assert.equal(code.length, text.length)
    assert.equal(code.split('\n').length, text.split('\n').length)
    assert.deepEqual(code.match(/[a-z]+/g), [
      'a',
      'c',
      'f',
      'h',
      'j',
      'k',
      'l',
      'm',
      'n',
      'test',
      'q',
    ])
  })
})

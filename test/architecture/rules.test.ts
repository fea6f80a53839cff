// Shows that every rule of the architecture bites: each gets one planted violation that it must find, at its line, and something
// that looks like it and must pass. A rule that finds nothing here would find nothing in the tree either.

import assert from 'node:assert/strict'
import {
  coreImportViolations,
  layerViolations,
  operatorViolations,
  packageViolations,
  practicePlantViolations,
} from './dependency-rules.ts'
import { cycleViolations, deadExportViolations, deadFileViolations } from './graph.ts'
import { purityViolations } from './purity.ts'
import {
  fileLengthViolations,
  functionLengthViolations,
  functionsOf,
  openingViolations,
  wordViolations,
} from './shape.ts'
import { codeOf, type SourceFile, type Violation } from './source.ts'

const file = (path: string, text: string): SourceFile => ({ path, text })
type Rule = (files: readonly SourceFile[]) => readonly Violation[]

/** The rule finds exactly one violation, in the second line of this file. */
function bites(rule: Rule, path: string, line: string) {
  const found = rule([file(path, `// A file.\n${line}\n`)])
  assert.deepEqual(
    found.map((one) => `${one.path}:${one.line}`),
    [`${path}:2`],
    `in ${path}: ${line}`,
  )
}

function passes(rule: Rule, path: string, line: string) {
  assert.deepEqual(rule([file(path, `// A file.\n${line}\n`)]), [], `in ${path}: ${line}`)
}

describe('the rules of imports', () => {
  it('notice a folder that reaches into another one', () => {
    bites(layerViolations, 'src/core/step.ts', "import { latch } from '../field/latch.ts'")
    bites(layerViolations, 'src/field/poller.ts', "import { append } from '../journal/journal.ts'")
    bites(layerViolations, 'src/serve/inbox.ts', "import type { Copy } from '../journal/copy.ts'")
    bites(layerViolations, 'src/config/load.ts', "const x = await import('../cli/run.ts')")
    bites(layerViolations, 'src/cluster/lease.ts', "export { f } from '../config/load.ts'")
    passes(layerViolations, 'src/serve/inbox.ts', "import type { Order } from '../core/cycle.ts'")
    passes(layerViolations, 'src/cli/run.ts', "import { open } from '../journal/journal.ts'")
  })

  it('let the cycle know types of its parts and nothing more', () => {
    bites(layerViolations, 'src/supervisor.ts', "import { open } from './journal/journal.ts'")
    bites(layerViolations, 'src/supervisor.ts', "import type { Run } from './cli/run.ts'")
    passes(layerViolations, 'src/supervisor.ts', "import { type Lease } from './cluster/lease.ts'")
    passes(layerViolations, 'src/supervisor.ts', "import { step } from './core/step.ts'")
  })

  it('let main.ts know commands, and only cli know the supervisor', () => {
    bites(layerViolations, 'src/main.ts', "import { step } from './core/step.ts'")
    bites(layerViolations, 'src/serve/board.ts', "import { run } from '../supervisor.ts'")
    bites(layerViolations, 'src/cli/run.ts', "import { x } from '../main.ts'")
  })

  it('notice what the core takes from outside', () => {
    const path = 'src/core/evidence.ts'
    bites(coreImportViolations, path, "import { randomBytes } from 'node:crypto'")
    bites(coreImportViolations, path, "import { readFileSync } from 'node:fs'")
    bites(coreImportViolations, path, "import { z } from 'zod'")
    passes(coreImportViolations, path, "import { createHash } from 'node:crypto'")
    passes(coreImportViolations, path, "import assert from 'node:assert/strict'")
  })

  it('notice code that the product and the practice plant share', () => {
    bites(
      practicePlantViolations,
      'src/core/block.ts',
      "import { crc } from '../../plc-sim/wire.ts'",
    )
    bites(practicePlantViolations, 'plc-sim/wire.ts', "import { crc } from '../src/core/block.ts'")
    bites(practicePlantViolations, 'plc-sim/wire.ts', "import { Subject } from 'rxjs'")
    bites(
      practicePlantViolations,
      'src/core/step.ts',
      "import { rig } from '../../test/core/rig.ts'",
    )
    passes(practicePlantViolations, 'test/x.ts', "import { crc } from '../plc-sim/wire.ts'")
  })

  it('notice a package outside its files, and one that nobody listed', () => {
    bites(packageViolations, 'src/field/latch.ts', "import { Subject } from 'rxjs'")
    bites(packageViolations, 'src/cli/watch.ts', "import { Subject } from 'rxjs'")
    bites(packageViolations, 'src/field/modbus/port.ts', "import { SerialPort } from 'serialport'")
    bites(packageViolations, 'src/field/modbus/driver.ts', "import m from 'modbus-serial'")
    bites(packageViolations, 'src/serve/board.ts', "import { OPCUAServer } from 'node-opcua'")
    bites(packageViolations, 'src/serve/web/reads.ts', "import { parse } from 'yaml'")
    bites(packageViolations, 'src/journal/copy.ts', "import { left } from 'left-pad/lib/left'")
    bites(packageViolations, 'src/serve/web/server.ts', "import net from 'node:net'")
    passes(packageViolations, 'src/serve/web/feed.ts', "import { Subject } from 'rxjs'")
    passes(packageViolations, 'src/serve/opcua/server.ts', "import { X } from 'node-opcua'")
  })

  it('notice a stream operator that would remember the plant', () => {
    const path = 'src/field/poller.ts'
    for (const name of ['scan', 'combineLatest', 'withLatestFrom', 'debounceTime'])
      bites(operatorViolations, path, `import { map, ${name} as other } from 'rxjs'`)
    passes(operatorViolations, path, "import { exhaustMap } from 'rxjs'")
    passes(operatorViolations, path, "import { scan } from './scan.ts'")
  })

  it('notice an import over several lines, and none in a comment or a text', () => {
    bites(layerViolations, 'src/core/a.ts', "import {\n  one,\n  two,\n} from '../field/latch.ts'")
    passes(layerViolations, 'src/core/a.ts', "// import { x } from '../field/latch.ts'")
    passes(
      layerViolations,
      'src/core/a.ts',
      "const text = `\nimport { x } from '../field/latch.ts'`",
    )
  })
})

describe('the rules of the graph', () => {
  it('notice a circle, also one of types alone, and tell its way once', () => {
    const files = [
      file('src/a.ts', "import { b } from './b.ts'\n"),
      file('src/b.ts', "import { x } from 'rxjs'\nimport type { C } from './c.ts'\n"),
      file('src/c.ts', "import { a } from './a.ts'\n"),
      file('src/d.ts', "import { a } from './a.ts'\n"),
    ]
    const found = cycleViolations(files)
    assert.equal(found.length, 1)
    assert.match(found[0]?.what ?? '', /src\/a\.ts -> src\/b\.ts -> src\/c\.ts -> src\/a\.ts/)
    assert.deepEqual(cycleViolations([file('src/d.ts', "import { a } from './a.ts'\n")]), [])
  })

  it('notice a file that no program reaches, and an import of nothing', () => {
    const files = [
      file('src/main.ts', "const x = await import('./used.ts')\nimport { y } from './gone.ts'\n"),
      file('src/used.ts', 'export const x = 1\n'),
      file('src/dead.ts', "import { x } from './used.ts'\n"),
    ]
    const found = deadFileViolations(files, ['src/main.ts'])
    assert.deepEqual(
      found.map(({ path, line }) => `${path}:${line}`),
      ['src/main.ts:2', 'src/dead.ts:1'],
    )
  })

  it('notice an export that nobody imports', () => {
    const one = file(
      'src/a.ts',
      'export const used = 1\nexport const dead = 2\nexport type Part = 1\nexport type Dead = 1\nexport const kept: Part = 1\n',
    )
    const other = file('test/b.test.ts', "import { used as mine } from '../src/a.ts'\n")
    const found = deadExportViolations([one], [other], ['src/a.ts kept'])
    assert.deepEqual(
      found.map(({ line, what }) => `${line} ${what.split(':')[0]}`),
      ['2 nobody imports dead', '4 nobody imports Dead'],
    )
  })

  it('count what a lazily loaded command takes', () => {
    const one = file('src/a.ts', 'export const run = 1\nexport const stop = 1\nexport type O = 1\n')
    const user = file(
      'src/main.ts',
      "(await import('./a.ts')).run(x as import('./a.ts').O)\nconst { stop } = await import('./a.ts')\n",
    )
    assert.deepEqual(deadExportViolations([one], [user]), [])
  })
})

describe('the rule of purity', () => {
  const path = 'src/core/sync.ts'
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

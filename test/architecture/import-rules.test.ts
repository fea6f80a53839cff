// Shows that every rule about imports bites: each gets one planted violation that it must find, at its line, and something that
// looks like it and must pass. A rule that finds nothing here would find nothing in the tree either.

import assert from 'node:assert/strict'
import {
  coreImportViolations,
  layerViolations,
  operatorViolations,
  packageViolations,
  practicePlantViolations,
} from './dependency-rules.ts'
import { cycleViolations, deadExportViolations, deadFileViolations } from './graph.ts'
import { bites, file, passes } from './planted.ts'

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

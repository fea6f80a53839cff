// The rules of the house, checked on the tree as it is: who imports whom, what is pure, what is dead, how long things get. The
// rules stand in `architecture/`; that each of them finds what it is for is shown by the tests there.

import assert from 'node:assert/strict'
import {
  coreImportViolations,
  layerViolations,
  operatorViolations,
  packageViolations,
  practicePlantViolations,
} from './architecture/dependency-rules.ts'
import { cycleViolations, deadExportViolations, deadFileViolations } from './architecture/graph.ts'
import { isPure, pureFiles, purityViolations } from './architecture/purity.ts'
import {
  fileLengthViolations,
  functionLengthViolations,
  openingViolations,
  wordViolations,
} from './architecture/shape.ts'
import { readSources, type Violation, violationText } from './architecture/source.ts'

/** What is started by itself. */
const programs = [
  'src/main.ts',
  'src/cli/manual.ts',
  'src/serve/opcua/server-thread.ts',
  'src/serve/history/store-thread.ts',
  'src/hmi/build.ts',
  'src/hmi/pages.tsx',
  'src/hmi/live/stream-worker.ts',
  'plc-sim/main.ts',
]

/** Exports that are kept although nobody imports them yet, as `path name`, each with its reason beside it. */
const keptExports: readonly string[] = []

describe('the architecture', () => {
  const product = readSources('src', 'plc-sim')
  const tests = readSources('test')

  it('lets each folder of src import only the core and itself', () => {
    none(layerViolations(product))
  })
  it('lets the core take nothing from outside but a hash and assertions', () => {
    none(coreImportViolations(product))
  })
  it('keeps the product and the practice plant apart', () => {
    none(practicePlantViolations(product))
  })
  it('keeps every package in the files that it is for', () => {
    none(packageViolations(product))
  })
  it('uses no stream operator that would remember the plant', () => {
    none(operatorViolations(product))
  })
  it('keeps the core and the other pure files without clock, chance, waiting and memory', () => {
    const present = product.filter(isPure).map((file) => file.path)
    for (const path of pureFiles)
      assert.ok(present.includes(path), `${path} is listed as pure and is not there`)
    none(purityViolations(product))
  })
  it('has no circle of imports', () => {
    none(cycleViolations(product))
  })
  it('has no file that no program reaches', () => {
    none(deadFileViolations(product, programs))
  })
  it('exports nothing that nobody imports', () => {
    none(deadExportViolations(product, tests, keptExports))
  })
  it('keeps files short', () => {
    none(fileLengthViolations(product))
  })
  it('keeps functions short', () => {
    none(functionLengthViolations(product))
  })
  it('uses none of the words and constructs that it does without', () => {
    none(wordViolations([...product, ...tests]))
  })
  it('opens every file with what it is for', () => {
    none(openingViolations(product))
  })
})

const none = (violations: readonly Violation[]) =>
  assert.equal(violations.length, 0, violationText(violations))

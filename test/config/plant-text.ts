// A small sound plant file, and what the loader says of a changed copy of it. Each text is really written to a folder of its
// own, because the loader looks for profiles beside the file.

import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type LoadResult, loadPlant } from '../../src/config/load.ts'
import { faultText } from '../../src/config/source.ts'

export const soundText = `site: Westhaven
pairs:
  - name: intake
    profile: bumpless-block
    mode: supervise
    scan_ms: 200
    units:
      A:
        location: rack 1
        number: 11
        power: { any_of: [ups-1] }
        paths: [{ modbus: 'tcp://10.1.0.11:502', unit: 1 }]
      B:
        location: rack 2
        number: 12
        power: { all_of: [ups-1] }
        paths: [{ modbus: 'tcp://10.1.0.12:502', unit: 1 }]
    tags:
      - { name: LEVEL, at: 'hr:100', type: float32, class: analog, tolerance: 0.5 }
      - { name: MODE, at: 'hr:102', type: uint16, class: enum, names: { 1: manual, 2: auto } }
      - { name: PUMP, at: 'hr:103.0', type: bit, class: discrete }
    gates: { site: [{ name: pump runs, tag: PUMP, equals: true }] }
    policy: { confirm_s: 60 }
ups:
  - { name: ups-1, profile: demo-ups, modbus: 'tcp://10.1.0.20:502' }
`

/** The sound text with one place changed; the place must be there exactly once. */
export function changed(from: string, to: string): string {
  const parts = soundText.split(from)
  assert.equal(parts.length, 2, `"${from}" stands ${parts.length - 1} times in the sound text`)
  return parts.join(to)
}

/** In lines: the product's own folder is `PRODUCT`, the plant file's folder is left away. */
const product = path.resolve(import.meta.dirname, '../..')

/** Loads a text as plant.yaml in a fresh folder that may hold further files (`name: text`). */
export async function loadText(
  text: string | Uint8Array,
  beside: Readonly<Record<string, string>> = {},
): Promise<{ readonly result: LoadResult; readonly lines: readonly string[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bumpless-config-'))
  try {
    const file = path.join(folder, 'plant.yaml')
    await writeFile(file, text)
    for (const [name, content] of Object.entries(beside)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
      await writeFile(path.join(folder, name), content)
    }
    const result = loadPlant(file)
    const told = result.ok ? result.warnings : result.faults
    const plain = (line: string): string =>
      line.replaceAll(`${folder}/`, '').replaceAll(product, 'PRODUCT')
    return { result, lines: told.map((fault) => plain(faultText(fault))) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** One row of a table of bad files: what a person got wrong, the change that does it, and every line that is told. */
export type BadFile = readonly [what: string, from: string, to: string, lines: readonly string[]]

/** Runs a table; each row must be refused with exactly its lines. */
export function refusesEach(table: readonly BadFile[]): void {
  for (const [what, from, to, lines] of table) {
    it(`refuses ${what}`, async () => {
      const told = await loadText(changed(from, to))
      assert.equal(told.result.ok, false)
      assert.deepEqual(told.lines, lines)
    })
  }
}

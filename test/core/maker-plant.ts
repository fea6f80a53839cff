// The plant of a pair that is switched by an order of its maker, in the variants that stories and tests are about: as shipped (a
// relative order), or with another order of the same units.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadPlant } from '../../src/config/load.ts'
import { faultText } from '../../src/config/source.ts'
import type { Command } from '../../src/core/cycle.ts'
import type { Plant } from '../../src/core/plant.ts'
import type { PairView } from '../../src/core/view.ts'

const config = path.resolve(import.meta.dirname, '../../config')
const steps = "- { at: 'hr:10', value: 1, type: uint16, function: 6 }"

/** What stands in the place of a text of the shipped files. */
const variants: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>> = {
  relative: [],
  absolute: [
    [steps, "- { at: 'hr:11', value: { A: 1, B: 2 }, type: uint16 }"],
    ['write_to: standby', 'write_to: target'],
    ['idempotence: relative', 'idempotence: absolute'],
  ],
  pulse: [
    [steps, "- { at: 'hr:12', value: 1, type: uint16 }"],
    ['write_to: standby', 'write_to: primary'],
    ['idempotence: relative', 'idempotence: pulse\n    reset: { value: 0 }'],
  ],
  coil: [[steps, "- { at: 'co:0', value: true, type: bool }"]],
  // Choosing the primary that is primary already changes nothing: a first step that only shows whether the unit listens.
  'two-steps': [
    [
      steps,
      "- { at: 'hr:11', value: { A: 2, B: 1 }, type: uint16, read_back: { last_order: carried out } }\n      " +
        "- { at: 'hr:11', value: { A: 1, B: 2 }, type: uint16 }",
    ],
    ['idempotence: relative', 'idempotence: absolute'],
  ],
  'one-person': [
    [
      'confirm_s: 60',
      'confirm_s: 60, second_person: false, accept_unfenced: one operator at night',
    ],
  ],
  assisted: [['fencing: none', 'fencing: none\n    assisted: { proof: { link_ok: false } }']],
  watched: [['    mode: supervise\n', '']],
}

/** `words` name variants, one after the other. */
export function makerPlant(words: readonly string[] = []): Plant {
  let plant = readFileSync(path.join(config, 'plant.maker.yaml'), 'utf8')
  let profile = readFileSync(path.join(config, 'profiles/demo-maker.yaml'), 'utf8')
  for (const word of words) {
    const changes = variants[word]
    assert.ok(changes, `there is no variant "${word}" of the maker's plant`)
    for (const [from, to] of changes) {
      assert.ok(plant.includes(from) || profile.includes(from), from)
      plant = plant.replace(from, to)
      profile = profile.replace(from, to)
    }
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'bumpless-maker-'))
  try {
    mkdirSync(path.join(folder, 'profiles'))
    writeFileSync(path.join(folder, 'plant.yaml'), plant)
    writeFileSync(path.join(folder, 'profiles/demo-maker.yaml'), profile)
    const loaded = loadPlant(path.join(folder, 'plant.yaml'))
    assert.ok(loaded.ok, loaded.ok ? '' : loaded.faults.map(faultText).join('\n'))
    return loaded.plant
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What the frame of a maker's command says; undefined for a block of ours. */
export function declaredText(plant: Plant, { device, declared }: Command): string | undefined {
  const way = plant.devices[device]?.paths[0]
  if (declared === undefined || way?.protocol !== 'modbus') return undefined
  const write = way.declared?.[declared]
  if (write === undefined) return 'A FRAME THAT IS NOT DECLARED'
  const { functionCode, address, words } = write
  const area = functionCode === 5 ? 'coil' : 'register'
  return `write ${words.join(' ')} to ${area} ${address} (function ${functionCode})`
}

/** The steps and the risks that the prompt shows. */
export function planLines({ switchover }: PairView): readonly string[] {
  const evidence = switchover?.evidence
  if (evidence === undefined) return ['         PLAN     none']
  return [
    ...evidence.plan.map(
      ({ text, limitMs }) => `         PLAN     ${text} (at most ${limitMs / 1000} s)`,
    ),
    ...evidence.risks.map((risk) => `         RISK     ${risk}`),
  ]
}

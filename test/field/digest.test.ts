// The digests over real Modbus: the field reads what the practice plant publishes, the supervisor finds the word that differs, wishes
// for the leaves and names it. Nothing is ever written.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Plant as PracticePlant, startPlant } from '../../plc-sim/plant.ts'
import { loadPlant } from '../../src/config/load.ts'
import type { Plant } from '../../src/core/plant.ts'
import { rebuild } from '../../src/core/rebuild.ts'
import type { PairView } from '../../src/core/view.ts'
import { type Field, openField } from '../../src/field/field.ts'
import { createSupervisor, type Supervisor } from '../../src/supervisor.ts'
import { until } from './devices.ts'

const demo = readFileSync(new URL('../../config/plant.demo.yaml', import.meta.url), 'utf8')
const clock = (): number => performance.now()

/** The demo plant file with the ports that the practice plant has got. */
async function demoOn(practice: PracticePlant): Promise<Plant> {
  const offsets = ['intake.A', 'intake.B', 'filters.A', 'filters.B', 'dosing.A', 'dosing.B']
  let text = demo
  for (const [index, name] of offsets.entries()) {
    text = text.replace(`127.0.0.1:${15_020 + index}'`, `127.0.0.1:${practice.ports[name]}'`)
    const second = practice.ports[`${name}/lan-2`]
    text = text.replace(`127.0.0.1:${15_060 + index}'`, `127.0.0.1:${second}'`)
  }
  text = text.replace('15030', String(practice.ports['ups-1']))
  text = text.replace('15031', String(practice.ports['ups-2']))
  const folder = await mkdtemp(join(tmpdir(), 'bumpless-digest-'))
  try {
    const file = join(folder, 'plant.yaml')
    await writeFile(file, text)
    const loaded = loadPlant(file)
    assert.ok(loaded.ok, JSON.stringify(loaded))
    return loaded.plant
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A supervisor whose journal is a list. */
function supervise(plant: Plant, field: Field): Supervisor {
  let durable = 0
  const start = { owner: 1, nowMs: clock(), wallMs: Date.now(), version: 'test' }
  return createSupervisor(
    {
      plant,
      clock: { mono: clock, wall: Date.now },
      latch: field.latch,
      write: () => assert.fail('nothing is ever written for a digest'),
      setPace: field.setPace,
      journal: {
        append: (records) => {
          durable = records.at(-1)?.seq ?? durable
        },
        state: () => ({ durable }),
      },
      inbox: { take: () => [], answer: () => undefined },
      board: { publish: () => undefined },
      lease: { now: () => ({ held: true, holder: 'test' }) },
      takeAudits: () => [],
    },
    rebuild(plant, [], start),
  )
}

describe('The digests of a pair over Modbus', () => {
  let practice: PracticePlant
  let field: Field
  let supervisor: Supervisor

  beforeEach(async () => {
    practice = await startPlant()
    const plant = await demoOn(practice)
    field = openField(plant, clock)
    supervisor = supervise(plant, field)
  })
  afterEach(async () => {
    await field.close()
    await practice.close()
  })

  const dosing = (what: string, wanted: (pair: PairView) => boolean): Promise<PairView> =>
    until(what, () => {
      const pair = supervisor.cycle(0).pairs.find(({ name }) => name === 'dosing')
      return pair !== undefined && wanted(pair) && pair
    })
  const framesOf = (unit: 'A' | 'B') => practice.state().pairs.dosing?.units[unit].readFrames ?? 0
  const row = (pair: PairView) => pair.tags.find(({ class: kind }) => kind === 'digest')

  it('are equal, differ in one word that is no tag, name its block, and agree again', async () => {
    await dosing('digests in sync', (pair) => row(pair)?.verdict === 'in sync')
    const { id } = await practice.addFault({ target: 'dosing.B', fault: 'data_differs', word: 150 })
    const named = await dosing('the words', ({ sync }) => sync.sentence.includes('words 128'))
    assert.match(named.sync.sentence, /digest differs in words 128 to 191 \(recipe\)/)
    assert.equal(named.sync.verdict, 'different')
    assert.deepEqual(practice.state().pairs.dosing?.units.B.data.wordsApart, [150])
    await practice.clearFault(id)
    await dosing('digests in sync again', (pair) => row(pair)?.verdict === 'in sync')
    assert.deepEqual(practice.state().pairs.dosing?.units.B.data.wordsApart, [])
    assert.equal(practice.state().writeFrames, 0)
  })

  it('cost no request while they are equal, and two more of each unit while they differ', async () => {
    await dosing('digests in sync', (pair) => row(pair)?.verdict === 'in sync')
    const perScan = async (scans: number): Promise<number> => {
      const at = (pair: PairView) => Number(row(pair)?.a.match(/scan (\d+)/)?.[1] ?? 0)
      const first = at(await dosing('a digest', () => true))
      const frames = framesOf('A')
      await dosing('some readings', (pair) => at(pair) >= first + 20 * scans)
      return (framesOf('A') - frames) / scans
    }
    // Two requests of a scan, and one glance over the other network; a busy machine may leave scans out.
    const equal = await perScan(10)
    assert.ok(equal < 3.5, `${equal} requests a scan`)
    await practice.addFault({ target: 'dosing.B', fault: 'data_differs', word: 150 })
    await dosing('the words', ({ sync }) => sync.sentence.includes('words 128'))
    const apart = await perScan(10)
    assert.ok(apart > equal + 1.2 && apart < 5.6, `${equal}, then ${apart} requests a scan`)
  })

  it('are lost with a program that has none, and the unit is read all the same', async () => {
    await dosing('digests in sync', (pair) => row(pair)?.verdict === 'in sync')
    await practice.addFault({ target: 'dosing.B', fault: 'no_digests' })
    const pair = await dosing('no digests', (one) => row(one)?.verdict === 'cannot tell')
    assert.equal(pair.units.B.presence, 'answering')
    assert.match(row(pair)?.evidence ?? '', /B: the program makes no digests/)
  })
})

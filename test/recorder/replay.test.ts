// What a replay tells: the first difference with both sides, and in a backtest what other settings would have decided.

import assert from 'node:assert/strict'
import type { Plant } from '../../src/core/plant.ts'
import { type Backtest, backtest } from '../../src/recorder/backtest.ts'
import { breakIt, mendIt, newRig, order, pairOf, type Rig, run, runUntil } from '../core/rig.ts'
import { inFolder, play, recordRig, runRecorded } from './recorded.ts'

describe('A replay that decides otherwise', () => {
  it('stops at the first cycle that differs and shows both sides', () =>
    inFolder(async (folder) => {
      const rig = newRig()
      const other = withGates(rig.plant, { lostMs: 1200 })
      const { recorder } = recordRig(rig, folder, { plant: other })
      run(rig, 5000)
      rig.cut.add('intake.A')
      await runRecorded(rig, 5000)
      await recorder.close()
      const { difference, cycles, texts } = await play(folder)
      assert.ok(difference)
      assert.equal(difference.cycle, cycles + 1)
      assert.equal(difference.of, 'output')
      const place = difference.places.find(({ place }) => place.startsWith('sentences.intake'))
      assert.match(String(place?.replayed), /lost|no answer|unknown/)
      assert.notEqual(place?.recorded, place?.replayed)
      assert.ok(!texts.some((text) => text.includes('lost')), 'told up to there')
    }))

  it('compares what is remembered too, where one segment follows the other', () =>
    inFolder(async (folder) => {
      const rig = newRig()
      const { recorder } = recordRig(rig, folder, { segmentMs: 2000 })
      await runRecorded(rig, 2000)
      // As if something outside state, input and plant had changed the memory.
      rig.state = {
        ...rig.state,
        alarms: { ...rig.state.alarms, pending: { 'ups-9:ups-lost': 1 } },
      }
      await runRecorded(rig, 2000)
      await recorder.close()
      const { difference, cycles } = await play(folder)
      assert.equal(cycles, 20)
      assert.equal(difference?.of, 'state')
      assert.deepEqual(difference?.places, [
        { place: 'alarms.pending.ups-9:ups-lost', recorded: 1, replayed: undefined },
      ])
    }))
})

describe('A backtest', () => {
  it('finds nothing when the settings are the same, not even over a switchover', () =>
    recordedShift(async (folder, rig) => {
      const same = { ...rig.plant, digest: 'f'.repeat(64) }
      const { contrasts, parted, cycles } = await backtest(folder, same)
      assert.deepEqual(contrasts, [])
      assert.equal(parted.size, 0)
      assert.equal(cycles, rig.seen.length)
    }))

  it('shows the alarm that another limit would have raised earlier', () =>
    recordedShift(async (folder, rig) => {
      const tried = await backtest(folder, withGates(rig.plant, { lostMs: 500 }))
      const lost = contrast(tried, /raised: filters\.B/)
      assert.equal(lost.only, 'both')
      assert.equal(lost.laterMs, -1000)
    }))

  it('shows what only one of the two would have decided', () =>
    recordedShift(async (folder, rig) => {
      const deaf = await backtest(folder, withGates(rig.plant, { lostMs: 60_000 }))
      assert.equal(contrast(deaf, /raised: filters\.B/).only, 'recorded')
      assert.equal(contrast(deaf, /cleared: filters\.B/).only, 'recorded')
      const strict = await backtest(folder, withGates(rig.plant, { syncDwellS: 600 }))
      const refusal = strict.contrasts.find(
        ({ record, only }) => only === 'other' && /refus/.test(`${record.kind} ${record.text}`),
      )
      assert.equal(refusal?.record.pair, 'intake', JSON.stringify(strict.contrasts))
      assert.ok(strict.parted.has('intake'), 'the recorded switchover would not have been')
      assert.ok(!strict.parted.has('filters'))
    }))

  it('compares nothing of a pair after its commands would have been others', () =>
    recordedShift(async (folder, rig) => {
      const { contrasts, parted } = await backtest(
        folder,
        withGates(rig.plant, { syncDwellS: 600 }),
      )
      const partedMs = parted.get('intake') ?? 0
      assert.ok(partedMs > 0)
      for (const { record } of contrasts) {
        assert.ok(record.pair !== 'intake' || record.wallMs <= partedMs, record.text)
      }
    }))

  it('can have pairs that were not supervised then, and leave out some that were', () =>
    recordedShift(async (folder, rig) => {
      const [intake, filters] = rig.plant.pairs
      assert.ok(intake && filters)
      const pairs = [{ ...intake, name: 'new' }, filters]
      const { cycles, contrasts } = await backtest(folder, { ...rig.plant, pairs })
      assert.equal(cycles, rig.seen.length)
      assert.ok(
        contrasts.some(({ only, record }) => only === 'recorded' && record.pair === 'intake'),
      )
      assert.ok(!contrasts.some(({ record }) => record.pair === 'filters'))
    }))
})

const withGates = (plant: Plant, gates: Partial<Plant['pairs'][number]['gates']>): Plant => ({
  ...plant,
  digest: '0'.repeat(64),
  pairs: plant.pairs.map((pair) => ({ ...pair, gates: { ...pair.gates, ...gates } })),
})

function contrast({ contrasts }: Backtest, text: RegExp): Backtest['contrasts'][number] {
  const found = contrasts.find(({ record }) => text.test(record.text))
  assert.ok(found, JSON.stringify(contrasts))
  return found
}

/** A standby that falls silent for a while, and a switchover of another pair. */
async function recordedShift(work: (folder: string, rig: Rig) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const rig = newRig()
    const { recorder } = recordRig(rig, folder, { segmentMs: 10_000 })
    await runRecorded(rig, 8000)
    const id = breakIt(rig, 'filters.B', 'network_loss')
    await runRecorded(rig, 4000)
    mendIt(rig, id)
    await runRecorded(rig, 4000)
    switchIntake(rig)
    await runRecorded(rig, 6000)
    await recorder.close()
    await work(folder, rig)
  })
}

function switchIntake(rig: Rig): void {
  const reason = 'pump seal'
  const more = { dryRun: false, overrides: [] }
  order(rig, 'anna', { kind: 'prepare', pair: 'intake', to: 'B', reason, ...more })
  runUntil(rig, () => pairOf(rig, 'intake').switchover?.evidence !== undefined)
  const { id = '', evidence } = pairOf(rig, 'intake').switchover ?? {}
  order(rig, 'anna', {
    kind: 'confirm',
    switchover: id,
    evidenceHash: evidence?.hash ?? '',
    typedName: 'intake',
    reason,
    reauthenticated: true,
  })
  runUntil(rig, () => pairOf(rig, 'intake').primary === 'B')
}

// The whole supervisor on two networks: one of them fails and nobody but the network's own alarm notices, both fail and the unit is
// lost in time, and a path that lies is found out.

import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { loadPlant } from '../../src/config/load.ts'
import { delaysOf } from '../../src/config/timing.ts'
import { isAsking } from '../../src/core/alarms/shown.ts'
import type { PairView, View } from '../../src/core/view.ts'
import { untilReady } from './persons.ts'
import { lostMs, scanMs } from './plant-file.ts'
import { assertNeverBothActive, type Rig, startRig } from './rig.ts'

const clock = (): number => performance.now()
/** Other processes share this machine: what is said after so many ms more than promised is still in time. */
const slackMs = 400

describe('A plant on two networks', function () {
  this.timeout(60_000)
  let rig: Rig
  before(async () => {
    rig = await startRig({})
  })
  after(() => rig.stop())
  beforeEach(async () => {
    await untilReady(rig)
    await rig.waitFor('no alarm to stand', async () => standing(await rig.view()).length === 0)
  })
  afterEach(async () => {
    assertNeverBothActive(rig)
    await rig.plant.clearFault()
  })

  const path = ({ units }: PairView, name: string) => {
    const one = units.A.paths.find((each) => each.name === name)
    assert.ok(one)
    return one
  }
  const standing = ({ alarms }: View): readonly string[] =>
    alarms.filter((alarm) => isAsking(alarm) && alarm.active).map(({ source }) => source)

  it('reads every unit over its first network, and knows that the second one works', async () => {
    const pair = await rig.untilPair('both paths', (one) => path(one, 'lan-2').state === 'spare')
    assert.equal(path(pair, 'lan-1').state, 'carries')
    assert.ok((path(pair, 'lan-2').roundTripMs ?? Number.NaN) >= 0)
    assert.equal(path(pair, 'lan-2').lossPct, 0)
  })

  for (const [fault, lan] of [
    ['port_closed', 'lan-1'],
    ['network_loss', 'lan-2'],
    ['hang', 'lan-1'],
  ] as const) {
    it(`misses no scan and raises the path's alarm alone after ${fault} on ${lan}`, async () => {
      const cut = await rig.fault('intake.A', fault, { lan })
      const source = `intake.A ${lan}`
      let oldest = 0
      await rig.waitFor('the alarm of the path', async () => {
        const view = await rig.view()
        const pair = view.pairs.find(({ name }) => name === 'intake')
        assert.ok(pair)
        assert.equal(pair.units.A.presence, 'answering')
        assert.equal(pair.units.A.role, 'primary')
        assert.equal(pair.sync.verdict, 'in sync')
        oldest = Math.max(oldest, pair.units.A.ageMs ?? Number.POSITIVE_INFINITY)
        assert.deepEqual(
          standing(view).filter((one) => one !== source),
          [],
        )
        return standing(view).includes(source)
      })
      assert.ok(oldest < 3 * scanMs + slackMs, `values were ${oldest} ms old`)
      await rig.plant.clearFault(cut)
      await rig.untilPair('both paths again', ({ units }) =>
        units.A.paths.every(({ state }) => state === 'carries' || state === 'spare'),
      )
    })
  }

  it('calls the unit lost in the time that check prints when both networks are cut', async () => {
    const loaded = loadPlant(rig.plantFile)
    assert.ok(loaded.ok)
    const [pair] = loaded.plant.pairs
    assert.ok(pair)
    const promisedMs = delaysOf(pair, 500, loaded.plant).lossMs
    assert.ok(promisedMs < lostMs + 2 * loaded.plant.cycleMs)
    const cuts = [
      await rig.fault('intake.B', 'network_loss', { lan: 'lan-1' }),
      await rig.fault('intake.B', 'network_loss', { lan: 'lan-2' }),
    ]
    const startMs = clock()
    await rig.untilPair('B to be lost', ({ units }) => units.B.presence === 'lost')
    const tookMs = clock() - startMs
    assert.ok(tookMs < promisedMs + slackMs, `${tookMs} ms, promised were ${promisedMs} ms`)
    for (const cut of cuts) await rig.plant.clearFault(cut)
    await rig.untilPair('B to be back', ({ units }) => units.B.presence === 'answering')
  })

  for (const lan of ['lan-1', 'lan-2'])
    it(`believes nothing of a unit of which ${lan} shows old values, and takes nobody for dead`, async () => {
      const lie = await rig.fault('intake.A', 'stale_gateway', { lan })
      const pair = await rig.untilPair(
        'the contradiction',
        ({ units }) => units.A.presence === 'disputed',
      )
      assert.equal(pair.units.A.role, 'unknown')
      assert.match(pair.units.A.presenceText, /heartbeat/)
      assert.equal(pair.ready, false)
      await pause(lostMs + 500)
      assert.deepEqual(standing(await rig.view()), ['intake.A'])
      await rig.plant.clearFault(lie)
      await rig.untilPair('A to be believed', ({ units }) => units.A.role === 'primary')
    })

  it('refuses a path behind which the other unit answers, and goes on with the right one', async () => {
    const swap = await rig.fault('intake.A', 'other_unit', { lan: 'lan-1' })
    const pair = await rig.untilPair('the swap', (one) => path(one, 'lan-1').state === 'refused')
    assert.equal(pair.units.A.presence, 'answering')
    assert.equal(pair.units.A.role, 'primary')
    assert.equal(path(pair, 'lan-2').state, 'carries')
    assert.match(path(pair, 'lan-1').detail, /answers as unit 12, not 11/)
    await rig.plant.clearFault(swap)
    await rig.untilPair('both paths', ({ units }) =>
      units.A.paths.every(({ state }) => state !== 'refused'),
    )
  })
})

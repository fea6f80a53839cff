// The past over OPC UA, of a real service and a practice plant: a tag's history is what the tank did, a switchover's is what the units
// and the journal say, and a kill leaves a gap that is marked and nothing else.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type DataValue, ReadRawModifiedDetails } from 'node-opcua'
import { StandardClient, trustRejected } from '../serve/opcua/client.ts'
import { dataOf } from '../serve/opcua/history-rig.ts'
import { confirm, prepare, untilProposed, untilReady } from './persons.ts'
import { assertNeverBothActive, password, type Rig, startRig } from './rig.ts'
import { freePort } from './service.ts'

describe('The past of a plant', function () {
  this.timeout(90_000)
  let rig: Rig
  let url: string
  let anna: StandardClient

  before(async () => {
    const opcuaPort = await freePort()
    url = `opc.tcp://127.0.0.1:${opcuaPort}`
    rig = await startRig({ opcuaPort })
    await assert.rejects(open(), /BadSecurityChecksFailed/)
    await trustRejected(join(rig.folder, 'opcua'))
    anna = await rig.waitFor('the client is let in', () => open().catch(() => undefined))
  })
  after(async () => {
    await anna?.close()
    await rig?.stop()
  })
  afterEach(() => assertNeverBothActive(rig))

  const open = (): Promise<StandardClient> =>
    StandardClient.open({ url, pki: join(rig.folder, 'client'), user: 'anna', password })

  /** Everything that was kept of the variable from this time on. */
  async function past(name: string, fromMs: number): Promise<readonly DataValue[]> {
    const details = new ReadRawModifiedDetails({
      ...{ startTime: new Date(fromMs), endTime: new Date(Date.now() + 60_000) },
      ...{ numValuesPerNode: 0, returnBounds: false, isReadModified: false },
    })
    const result = await anna.history(details, name)
    assert.equal(result.statusCode.name, 'Good', name)
    return dataOf(result)
  }
  const timeOf = ({ sourceTimestamp }: DataValue): number => sourceTimestamp?.getTime() ?? 0

  it('is, for a tag, what the tank did', async () => {
    await untilReady(rig)
    const truth: { readonly atMs: number; readonly level: number }[] = []
    const fromMs = Date.now()
    while (Date.now() < fromMs + 6_000) {
      truth.push({ atMs: Date.now(), level: rig.real().process.level })
      await pause(20)
    }
    const kept = (await past('Pairs.intake.Tags[LEVEL.PV].A', fromMs)).filter(
      (value) => timeOf(value) < fromMs + 5_500 && timeOf(value) > fromMs + 500,
    )
    assert.ok(kept.length >= 3, `${kept.length} values in 5 s`)
    for (const value of kept) {
      const around = truth.filter(({ atMs }) => Math.abs(atMs - timeOf(value)) < 400)
      const levels = around.map(({ level }) => level)
      // The transmitter of A reads 0.05 % high in this plant, and flickers by 0.01 %.
      const [low, high] = [Math.min(...levels) + 0.039, Math.max(...levels) + 0.061]
      assert.ok(
        value.value.value >= low && value.value.value <= high,
        `${value.value.value} is not within ${low} to ${high}`,
      )
    }
  })

  it('is, for a switchover, what the units did and the journal says', async () => {
    const fromMs = Date.now()
    await prepare(rig, 'B')
    const proposal = await untilProposed(rig)
    await confirm(rig, proposal)
    await rig.waitFor('B drives the process', () => rig.active() === 'B')
    const movedMs = Date.now()
    await untilReady(rig)
    const primary = (await past('Pairs.intake.PrimaryUnit', fromMs)).map((value) => ({
      atMs: timeOf(value),
      unit: value.value.value,
    }))
    assert.equal(primary.at(-1)?.unit, 2, JSON.stringify(primary))
    assert.ok(
      primary.every(({ unit }) => unit !== 1),
      'A was primary before, and never again',
    )
    const distanceMs = Math.abs((primary.at(-1)?.atMs ?? 0) - movedMs)
    assert.ok(distanceMs < 1_500, `${distanceMs} ms from when the unit did`)
    const roles = (await past('Pairs.intake.Units.A.Role', fromMs)).map(({ value }) => value.value)
    assert.equal(roles.at(-1), 2, 'A is standby')
    const phases = (await past('Pairs.intake.Phase', fromMs)).map(({ value }) => value.value)
    const wanted = [1, 2, 4, 5, 6, 0]
    const order = wanted.map((phase) => phases.indexOf(phase))
    assert.ok(!order.includes(-1), `every phase is there: ${phases.join()}`)
    assert.deepEqual(
      order,
      order.toSorted((one, other) => one - other),
    )
  })

  it('has a gap where the service was killed, and goes on after it', async () => {
    const name = 'Pairs.intake.PrimaryUnit'
    const before = await past(name, 0)
    await pause(1_500)
    await anna.close()
    await rig.kill9()
    const killedMs = Date.now()
    await pause(1_000)
    await rig.restart()
    const startedMs = Date.now()
    anna = await rig.waitFor('the client is back', () => open().catch(() => undefined))
    await rig.waitFor('B is primary', async () => (await anna.value(name)) === 2)
    const after = await rig.waitFor('it goes on', async () => {
      const values = await past(name, 0)
      return values.some((value) => timeOf(value) > killedMs && value.statusCode.name === 'Good')
        ? values
        : undefined
    })
    const words = (values: readonly DataValue[]) =>
      values.map((value) => `${timeOf(value)} ${value.value?.value}`)
    assert.deepEqual(words(after).slice(0, before.length), words(before), 'nothing is lost')
    const gap = after.find(({ statusCode }) => statusCode.name === 'BadDataLost')
    assert.ok(gap, words(after).join(' '))
    assert.ok(timeOf(gap) <= killedMs && timeOf(gap) > killedMs - 11_000, `${timeOf(gap)}`)
    const again = after.find((value) => timeOf(value) > timeOf(gap))
    assert.ok(again && timeOf(again) >= killedMs && timeOf(again) < startedMs + 20_000)
  })
})

// A shift changes while the service runs: at the terminal, over a restart, and with what the running service says of itself.

import assert from 'node:assert/strict'
import { bumpless } from '../cli/command.ts'
import { untilReady } from './persons.ts'
import { type Rig, startRig } from './rig.ts'

describe('A change of shift', function () {
  this.timeout(60_000)
  let rig: Rig
  before(async () => {
    rig = await startRig()
    await untilReady(rig)
  })
  after(() => rig.stop())
  const get = async (path: string) => {
    const headers = { authorization: `Bearer ${await rig.token('olga')}` }
    const answer = await fetch(`${rig.service.url}${path}`, { headers })
    return { status: answer.status, text: await answer.text() }
  }

  it('shows what happened and what stands, and is accepted by who has read it', async () => {
    await rig.order('pairs/intake/lockout', { on: true, reason: 'pump 2 is on loan' }, 'bert')
    const words = ['handover', '--accept', '--note', 'quiet']
    const taken = await bumpless(await rig.environment('anna'), words)
    assert.equal(taken.code, 0, taken.error)
    assert.match(taken.out, /Nobody has taken a shift yet/)
    assert.match(taken.out, /^ {2}lockout: intake by bert: pump 2 is on loan$/m)
    assert.match(taken.out, /log-in: bert logged in as operator/)
    assert.match(taken.out, /anna has taken the shift: quiet/)
    const { shift } = await rig.view()
    assert.deepEqual([shift?.by, shift?.note, shift?.news], ['anna', 'quiet', 0])
    const observer = await bumpless(await rig.environment('olga'), ['handover', '--accept'])
    assert.equal(observer.code, 1)
    assert.match(observer.out + observer.error, /"handover" needs the role operator/)
  })

  it('is refused to who has not read what happened since, with the list', async () => {
    const { seen } = (await rig.view()).shift ?? { seen: 0 }
    await rig.order('pairs/intake/lockout', { on: false, reason: 'back' }, 'sven')
    const refused = await rig.order('handover', { seen }, 'bert')
    assert.equal(refused.status, 409)
    assert.deepEqual(refused.difference, ['lockout of intake lifted by sven'])
    assert.equal((await rig.view()).shift?.by, 'anna')
  })

  it('survives that the service is killed, and the restart is news for the next one', async () => {
    await rig.kill9()
    await rig.restart()
    const { shift } = await rig.view()
    assert.equal(shift?.by, 'anna')
    assert((shift?.news ?? 0) >= 2, 'the lifted lockout and the start')
    const json = await bumpless(await rig.environment('bert'), ['handover', '--json'])
    const report = JSON.parse(json.out) as { upTo: number; happened: { what: string }[] }
    assert(report.happened.some(({ what }) => what === 'start'))
    assert.equal((await rig.order('handover', { seen: report.upTo }, 'bert')).status, 200)
    assert.equal((await rig.view()).shift?.by, 'bert')
  })

  it('finds figures, facts and the values of every unit in the running service', async () => {
    await untilReady(rig)
    const metrics = await get('/metrics')
    assert.match(metrics.text, /^bumpless_pair_primaries\{pair="intake"\} 1$/m)
    assert.match(metrics.text, /^bumpless_cycle_duration_seconds\{quantile="0\.99"\} 0\.\d+$/m)
    const system = JSON.parse((await get('/api/v1/system')).text)
    assert.equal(system.journal.copies.length, 2)
    assert.equal(system.plantFile.changedOnDisk, false)
    assert(system.cycles.cycles > 10)
    assert.deepEqual(Object.keys(system.sessions), ['http'])
    const device = JSON.parse((await get('/api/v1/pairs/intake/device/A')).text)
    const level = device.signals.find(({ name }: { name: string }) => name === 'tag:LEVEL.PV')
    assert(Math.abs(level.value - 55) < 10, JSON.stringify(level))
    assert.match(JSON.stringify(level.at), /"area":"hr"/)
    assert.equal((await get('/api/v1/ups/ups-1/device')).status, 200)
  })
})

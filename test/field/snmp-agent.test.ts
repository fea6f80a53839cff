// The SNMP driver against snmpd itself, which shows the objects of a made-up UPS.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Scan } from '../../src/core/image.ts'
import type { Device, SnmpPath, SnmpSignal } from '../../src/core/plant.ts'
import type { Driver } from '../../src/field/driver.ts'
import { snmpDriver } from '../../src/field/snmp/driver.ts'
import { type Objects, type SnmpPlant, startSnmpPlant } from './snmp-plant.ts'
import {
  answered,
  clock,
  failedWith,
  scanUntil,
  secretIn,
  snmpPath,
  snmpSignal,
  upsDevice,
} from './ups-devices.ts'

const mib = '1.3.6.1.2.1.33.1'
const onMains: Objects = {
  [`${mib}.1.1.0`]: ['string', 'Acme'],
  [`${mib}.2.1.0`]: ['integer', 2],
  [`${mib}.2.3.0`]: ['integer', 30],
  [`${mib}.2.4.0`]: ['integer', 97],
  [`${mib}.4.1.0`]: ['integer', 3],
  [`${mib}.4.4.1.5.1`]: ['integer', 41],
  [`${mib}.6.1.0`]: ['gauge', 0],
}
const row = (index: number, alarm: number): Objects => ({
  [`${mib}.6.2.1.2.${index}`]: ['objectid', `${mib}.6.3.${alarm}`],
})
const alarmed = (...rows: Objects[]): Objects =>
  Object.assign({}, onMains, { [`${mib}.6.1.0`]: ['gauge', rows.length] }, ...rows)

const alarm = (key: string, number: number): SnmpSignal =>
  snmpSignal(key, { type: 'bool', oid: `${mib}.6.2.1.2#${mib}.6.3.${number}` })
const sources = { 3: 'on mains', 4: 'bypass', 5: 'on battery' }
const signals: readonly SnmpSignal[] = [
  snmpSignal('state', { oid: `${mib}.4.1.0`, names: sources }),
  snmpSignal('charge_pct', { oid: `${mib}.2.4.0` }),
  snmpSignal('runtime_s', { oid: `${mib}.2.3.0`, scale: 60 }),
  snmpSignal('maker', { oid: `${mib}.1.1.0`, type: 'string' }),
  snmpSignal('input_v', { oid: `${mib}.3.3.1.3.1` }),
]
const known = {
  state: 'on mains',
  charge_pct: 97,
  runtime_s: 1800,
  maker: 'Acme',
  input_v: { unknown: 'not reported by this UPS' },
}

describe('a UPS on a real SNMP agent', () => {
  let folder = ''
  let plant: SnmpPlant
  const drivers: Driver[] = []
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bumpless-snmpd-'))
    plant = await startSnmpPlant(folder, onMains)
  })
  after(async () => {
    await plant?.stop()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(() => plant.set(onMains))
  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.close()))
  })
  const open = (
    access: SnmpPath['access'],
    more: readonly SnmpSignal[] = [],
    device: Partial<Device> = {},
  ): Driver => {
    const options = { access, signals: [...signals, ...more] }
    const driver = snmpDriver(
      upsDevice({ timeoutMs: 2000, ...device }),
      clock,
      snmpPath(plant.port, options),
    )
    drivers.push(driver)
    return driver
  }
  const valuesOf = (scan: Scan) => {
    assert(scan.kind === 'answered', JSON.stringify(scan))
    assert(scan.sentMs <= scan.receivedMs && scan.receivedMs <= clock())
    return scan.values
  }

  for (const access of ['community', 'signed', 'encrypted'] as const) {
    it(`is read as ${access}`, async () => {
      const driver = open(plant.access[access])
      assert.deepEqual(valuesOf(await driver.read(true)), known)
      await plant.set({ ...onMains, [`${mib}.4.1.0`]: ['integer', 5] })
      assert.equal(valuesOf(await driver.read(true)).state, 'on battery')
    })
    it(`is read as ${access} again after its agent was restarted`, async () => {
      const driver = open(plant.access[access])
      valuesOf(await driver.read(true))
      await plant.agent.stop()
      await scanUntil(driver, 'nobody there', failedWith('ECONNREFUSED'))
      await plant.restart()
      assert.deepEqual(valuesOf(await scanUntil(driver, 'an answer', answered)), known)
    })
  }
  it('is read in several requests when it has many objects', async () => {
    const many = Array.from({ length: 45 }, (_, index) =>
      snmpSignal(`extra_${index}`, { oid: `${mib}.9.${index + 20}.0` }),
    )
    const objects = many.map(({ oid }, index): Objects => ({ [oid]: ['integer', index] }))
    await plant.set(Object.assign({}, onMains, ...objects))
    const values = valuesOf(await open(plant.access.community, many).read(true))
    assert.deepEqual(
      many.map(({ key }) => values[key]),
      many.map((_, index) => index),
    )
  })
  it('is glanced at for few objects and what they derive', async () => {
    const derived = [{ key: 'fed', rules: [{ when: { state: 'on mains' }, is: true }] }]
    const driver = open(plant.access.community, [], { derived, glance: ['fed'] })
    assert.deepEqual(valuesOf(await driver.glance()), { state: 'on mains', fed: true })
    assert.deepEqual(valuesOf(await driver.read(true)), { ...known, fed: true })
  })

  describe('with a table of alarms', () => {
    const alarms = [alarm('battery_bad', 1), alarm('contact_lost', 20), alarm('own', 999)]
    const standing = async () => {
      const values = valuesOf(await open(plant.access.community, alarms).read(true))
      return [values.battery_bad, values.contact_lost, values.own]
    }
    it('has no alarm when none stands', async () => {
      assert.deepEqual(await standing(), [false, false, false])
    })
    it('has the alarms that stand, wherever they stand in the table', async () => {
      await plant.set(alarmed(row(7, 24), row(130_000, 20), row(4_000_000_000, 999)))
      assert.deepEqual(await standing(), [false, true, true])
    })
    it('has unknown alarms when it counts some and lists none', async () => {
      await plant.set({ ...onMains, [`${mib}.6.1.0`]: ['gauge', 2] })
      const why = { unknown: 'says that it has 2 alarms, and lists none' }
      assert.deepEqual(await standing(), [why, why, why])
    })
    it('has unknown alarms when it does not count them', async () => {
      const { [`${mib}.6.1.0`]: _, ...rest } = onMains
      await plant.set(rest)
      const why = { unknown: 'not reported by this UPS' }
      assert.deepEqual(await standing(), [why, why, why])
    })
    it('has unknown alarms when the table does not end', async () => {
      const rows = Array.from({ length: 70 }, (_, index) => row(index + 1, 24))
      await plant.set(alarmed(...rows))
      const why = { unknown: 'its table of alarms has more than 64 rows' }
      assert.deepEqual(await standing(), [why, why, why])
    })
  })

  it('is not read with another community', async () => {
    const communityFile = await secretIn(folder, 'other', 'somebody')
    const driver = open({ version: '2c', communityFile }, [], { timeoutMs: 300 })
    const scan = await driver.read(true)
    assert(failedWith('silent, too, when the community is wrong')(scan), JSON.stringify(scan))
    assert(!JSON.stringify(scan).includes('somebody'))
  })
  const { signed, encrypted } = {
    signed: { version: '3', user: 'signer', auth: 'sha256' },
    encrypted: { version: '3', user: 'sealer', auth: 'sha' },
  } as const
  it('is not read with another signing secret', async () => {
    const authFile = await secretIn(folder, 'other', 'another secret')
    const scan = await open({ ...signed, authFile }).read(true)
    assert(failedWith('is the authentication secret right?')(scan), JSON.stringify(scan))
  })
  it('is not read by a user that it does not know', async () => {
    const authFile = await secretIn(folder, 'auth', 'a signing secret')
    const scan = await open({ ...signed, user: 'nobody', authFile }).read(true)
    assert(failedWith('the agent does not know this user')(scan), JSON.stringify(scan))
  })
  it('is not read without encryption by a user who must encrypt', async () => {
    const authFile = await secretIn(folder, 'auth', 'a signing secret')
    const driver = open({ ...encrypted, authFile }, [], { timeoutMs: 400 })
    const scan = await driver.read(true)
    assert.equal(scan.kind, 'failed')
  })
  it('is not read with another sealing secret', async () => {
    const authFile = await secretIn(folder, 'auth', 'a signing secret')
    const privFile = await secretIn(folder, 'other', 'another secret')
    const driver = open({ ...encrypted, authFile, privFile }, [], { timeoutMs: 400 })
    assert.equal((await driver.read(true)).kind, 'failed')
  })
  it('is read without a restart once its secret is right', async () => {
    const file = await secretIn(folder, 'late', 'wrong for now')
    const driver = open({ version: '2c', communityFile: file }, [], { timeoutMs: 300 })
    assert.equal((await driver.read(true)).kind, 'failed')
    await secretIn(folder, 'late', 'site-community')
    assert.deepEqual(valuesOf(await scanUntil(driver, 'an answer', answered)), known)
  })
  it('is not asked before its secret is there', async () => {
    const communityFile = path.join(folder, 'missing')
    const scan = await open({ version: '2c', communityFile }).read(true)
    assert(failedWith(`${communityFile} does not exist`)(scan), JSON.stringify(scan))
  })
  it('fails within its deadline while the agent hangs, and is read at once when it goes on', async () => {
    const driver = open(plant.access.encrypted, [], { timeoutMs: 300 })
    valuesOf(await scanUntil(driver, 'an answer', answered))
    plant.agent.freeze()
    const scan = await driver.read(true)
    assert(scan.kind === 'failed' && scan.fault === 'timeout', JSON.stringify(scan))
    assert(scan.receivedMs - scan.sentMs >= 290)
    plant.agent.thaw()
    valuesOf(await scanUntil(driver, 'an answer', answered))
  })
  it('is never written', async () => {
    const note = await open(plant.access.community).write({
      commandId: 'c',
      words: [],
      deadlineMs: 1e9,
    })
    assert.deepEqual([note.fate, note.detail], ['dropped', 'a UPS is never written'])
  })
})

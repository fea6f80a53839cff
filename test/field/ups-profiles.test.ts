// The profiles for NUT servers and for the standard UPS-MIB, from the text of a plant file to what a real server shows: each
// trouble of a UPS has the outcome that the profile tells people about.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { isUnknown, type Scan, type Value } from '../../src/core/image.ts'
import type { Driver } from '../../src/field/driver.ts'
import { openDriver } from '../../src/field/open-driver.ts'
import { loadText, soundText } from '../config/plant-text.ts'
import { type NutPlant, startNutPlant } from './nut-plant.ts'
import { type Objects, type SnmpPlant, startSnmpPlant } from './snmp-plant.ts'
import { answered, clock, scanUntil } from './ups-devices.ts'

/** The driver of the UPS that `entry` describes, as a plant file has it. */
async function driverFor(entry: string): Promise<Driver> {
  const ups = "{ name: ups-1, profile: demo-ups, modbus: 'tcp://10.1.0.20:502' }"
  const { result, lines } = await loadText(soundText.replace(ups, `{ name: ups-1, ${entry} }`))
  assert(result.ok, lines.join('\n'))
  const device = result.plant.devices['ups-1']
  const way = device?.paths[0]
  assert(device !== undefined && way !== undefined)
  return openDriver({ ...device, timeoutMs: 2000 }, clock, way)
}

const valueIn = (scan: Scan, key: string): Value | undefined =>
  scan.kind === 'answered' ? scan.values[key] : undefined

describe('the profile for NUT servers', () => {
  let folder = ''
  let plant: NutPlant
  let driver: Driver | undefined
  const healthy = { 'battery.charge': '97', 'battery.runtime': '1800', 'ups.load': '41.5' }
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bumpless-nut-profile-'))
    plant = await startNutPlant(folder, { 'ups.status': 'OL', ...healthy })
    driver = await driverFor(`profile: nut, nut: 'nut://127.0.0.1:${plant.port}/rack', tls: off`)
  })
  after(async () => {
    await driver?.close()
    await plant?.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const rows: [string, string, Value | 'unknown'][] = [
    ['on mains', 'OL CHRG', 'on mains'],
    ['on battery when the mains are gone', 'OB DISCHRG', 'on battery'],
    ['on battery in a calibration, which says so', 'OB CAL', 'on battery'],
    ['on a bypass, which has no battery behind it', 'OL BYPASS', 'bypass'],
    ['off', 'OL OFF', 'off'],
    ['unknown when it says both', 'OL OB', 'unknown'],
    ['unknown when it says neither', 'CHRG', 'unknown'],
    ['on mains beside a word that nobody knows', 'OL HEATING', 'on mains'],
  ]
  for (const [title, status, expected] of rows) {
    it(`shows a UPS ${title}`, async () => {
      assert(driver !== undefined)
      await plant.set({ 'ups.status': status, ...healthy })
      const scan = await scanUntil(driver, status, (one) => valueIn(one, 'status') === status)
      const state = valueIn(scan, 'state')
      if (expected === 'unknown') assert(isUnknown(state), JSON.stringify(state))
      else assert.equal(state, expected)
      assert.deepEqual([valueIn(scan, 'charge_pct'), valueIn(scan, 'runtime_s')], [97, 1800])
      const glance = await driver.glance()
      assert.deepEqual(valueIn(glance, 'state'), state)
    })
  }
})

describe('the profile for the standard UPS-MIB', () => {
  let folder = ''
  let plant: SnmpPlant
  let driver: Driver | undefined
  const mib = '1.3.6.1.2.1.33.1'
  const objects = (source: number, battery: number, ...alarms: number[]): Objects => {
    const rows = alarms.map((alarm, index): [string, [string, string]] => [
      `${mib}.6.2.1.2.${index + 1}`,
      ['objectid', `${mib}.6.3.${alarm}`],
    ])
    return {
      [`${mib}.2.1.0`]: ['integer', battery],
      [`${mib}.2.3.0`]: ['integer', 30],
      [`${mib}.2.4.0`]: ['integer', 97],
      [`${mib}.4.1.0`]: ['integer', source],
      [`${mib}.4.4.1.5.1`]: ['integer', 41],
      [`${mib}.6.1.0`]: ['gauge', alarms.length],
      ...Object.fromEntries(rows),
    }
  }
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bumpless-mib-profile-'))
    plant = await startSnmpPlant(folder, objects(3, 2))
    const community = path.join(folder, 'community')
    const place = `snmp: 'snmp://127.0.0.1:${plant.port}', community_file: ${community}`
    driver = await driverFor(`profile: rfc1628, ${place}`)
  })
  after(async () => {
    await driver?.close()
    await plant?.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const rows: [string, Objects, Value | 'unknown', string][] = [
    ['on mains', objects(3, 2), 'on mains', 'false'],
    ['on mains while it raises the voltage', objects(6, 2), 'on mains', 'false'],
    ['on battery', objects(5, 2), 'on battery', 'false'],
    ['on battery, and that low', objects(5, 3), 'on battery', 'true'],
    ['on battery, and that empty', objects(5, 4), 'on battery', 'true'],
    ['on battery in a self-test, which says so', objects(5, 2, 24), 'on battery', 'false'],
    ['on a bypass', objects(4, 2), 'bypass', 'false'],
    ['off', objects(2, 2), 'off', 'false'],
    ['unknown when it says "other"', objects(1, 2), 'unknown', 'false'],
    [
      'unknown when its card has lost it and serves old values',
      objects(3, 2, 20),
      'unknown',
      'false',
    ],
  ]
  for (const [title, shown, expected, low] of rows) {
    it(`shows a UPS ${title}`, async () => {
      assert(driver !== undefined)
      await plant.set(shown)
      const scan = await scanUntil(driver, 'an answer', answered)
      const state = valueIn(scan, 'state')
      if (expected === 'unknown') assert(isUnknown(state), JSON.stringify(state))
      else assert.equal(state, expected)
      assert.equal(String(valueIn(scan, 'battery_low')), low)
      assert.deepEqual([valueIn(scan, 'charge_pct'), valueIn(scan, 'runtime_s')], [97, 1800])
      assert.deepEqual(valueIn(await driver.glance(), 'state'), state)
    })
  }
})

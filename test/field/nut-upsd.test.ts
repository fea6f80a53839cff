// The NUT driver against upsd itself, with NUT's own driver for made-up UPS units behind it.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Driver } from '../../src/field/driver.ts'
import { nutDriver } from '../../src/field/nut/driver.ts'
import { type NutPlant, startNutPlant } from './nut-plant.ts'
import {
  answered,
  clock,
  failedWith,
  nutPath,
  nutSignal,
  nutToken,
  scanUntil,
  upsDevice,
} from './ups-devices.ts'

const onMains = {
  'ups.status': 'OL CHRG',
  'battery.charge': '97',
  'battery.runtime': '1800',
  'ups.mfr': 'Acme',
}

const signals = [
  nutToken('on_mains', 'OL'),
  nutToken('on_battery', 'OB'),
  nutToken('low', 'LB'),
  nutSignal('charge_pct'),
  nutSignal('runtime_s', { variable: 'battery.runtime' }),
  nutSignal('load_pct', { variable: 'ups.load' }),
  nutSignal('status', { variable: 'ups.status', type: 'string' }),
  nutSignal('driver', { variable: 'driver.version', type: 'string' }),
]
const derived = [
  {
    key: 'state',
    rules: [
      { when: { on_battery: true }, is: 'on battery' },
      { when: { on_mains: true }, is: 'on mains' },
    ],
  },
]

describe('a UPS on a real upsd', () => {
  let folder = ''
  let plant: NutPlant
  let driver: Driver
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bumpless-upsd-'))
    plant = await startNutPlant(folder, onMains)
    driver = nutDriver(
      upsDevice({ derived, timeoutMs: 2000 }),
      clock,
      nutPath(plant.port, { signals }),
    )
    await scanUntil(driver, 'a first answer', answered)
  })
  after(async () => {
    await driver?.close()
    await plant?.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const state =
    (wanted: string) =>
    (scan: Awaited<ReturnType<Driver['read']>>): boolean =>
      scan.kind === 'answered' && scan.values.state === wanted

  it('shows what NUT knows of it', async () => {
    const scan = await scanUntil(driver, 'on mains', state('on mains'))
    assert(scan.kind === 'answered')
    const { driver: version, ...values } = scan.values
    assert.deepEqual(values, {
      on_mains: true,
      on_battery: false,
      low: false,
      charge_pct: 97,
      runtime_s: 1800,
      load_pct: { unknown: 'not reported by this UPS' },
      status: 'OL CHRG',
      state: 'on mains',
    })
    assert.match(String(version), /^\d+\.\d+/)
  })
  it('shows that the mains went away and came back', async () => {
    await plant.set({ ...onMains, 'ups.status': 'OB DISCHRG LB', 'battery.runtime': '90' })
    const scan = await scanUntil(driver, 'on battery', state('on battery'))
    assert(scan.kind === 'answered')
    assert.deepEqual([scan.values.low, scan.values.runtime_s], [true, 90])
    await plant.set(onMains)
    await scanUntil(driver, 'on mains', state('on mains'))
  })
  it('is not read when nobody knows it by its name', async () => {
    const stranger = nutDriver(upsDevice(), clock, nutPath(plant.port, { ups: 'pump "7"' }))
    try {
      await scanUntil(stranger, 'a refusal', failedWith('knows no UPS "pump "7"" (UNKNOWN-UPS)'))
    } finally {
      await stranger.close()
    }
  })
  it('is not read without encryption when that is required', async () => {
    const secure = nutDriver(upsDevice(), clock, nutPath(plant.port, { tls: 'required' }))
    try {
      await scanUntil(secure, 'a refusal', failedWith('is not set up for encrypted connections'))
    } finally {
      await secure.close()
    }
  })
  it('is stale once its frozen driver has been silent for the maximum age, and back after that', async () => {
    await plant.set(onMains)
    await scanUntil(driver, 'on mains', state('on mains'))
    plant.driver.freeze()
    const scan = await scanUntil(driver, 'stale', (one) => one.kind === 'failed', 30_000)
    assert(failedWith('its driver does not reach the UPS (DATA-STALE)')(scan), JSON.stringify(scan))
    assert(scan.kind === 'failed' && scan.fault === 'exception')
    plant.driver.thaw()
    await scanUntil(driver, 'on mains', state('on mains'), 30_000)
  })
  it('is read again after the server was restarted', async () => {
    await plant.server.stop()
    await scanUntil(driver, 'no server', failedWith('ECONNREFUSED'))
    await plant.restartServer()
    await scanUntil(driver, 'on mains', state('on mains'))
  })
  it('fails within its deadline while the server hangs, and is read again when it goes on', async () => {
    plant.server.freeze()
    const scan = await driver.read(true)
    assert(scan.kind === 'failed' && scan.fault === 'timeout', JSON.stringify(scan))
    assert(scan.receivedMs - scan.sentMs >= 1990)
    plant.server.thaw()
    await scanUntil(driver, 'on mains', state('on mains'))
  })
  it('is said to have lost its driver when that is gone', async () => {
    await plant.driver.stop()
    const gone = failedWith('(DRIVER-NOT-CONNECTED)')
    await scanUntil(driver, 'no driver', (scan) => gone(scan) || failedWith('(DATA-STALE)')(scan))
  })
})

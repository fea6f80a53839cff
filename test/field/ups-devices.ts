// UPS units, their signals and paths for the tests of the NUT and SNMP drivers: every option has a default, so that whatever a
// test sets is what the test is about.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Scan } from '../../src/core/image.ts'
import type { Device, NutPath, NutSignal, SnmpPath, SnmpSignal } from '../../src/core/plant.ts'
import type { Driver } from '../../src/field/driver.ts'
import { until } from './devices.ts'

export const clock = (): number => performance.now()

const plain = { type: 'float64', scale: 1, offset: 0, unknownWhen: [] } as const

export const nutSignal = (key: string, options: Partial<NutSignal> = {}): NutSignal => ({
  key,
  ...plain,
  variable: 'battery.charge',
  ...options,
})

/** Whether `word` stands in `ups.status`. */
export const nutToken = (key: string, word: string): NutSignal =>
  nutSignal(key, { type: 'bool', variable: 'ups.status', token: word })

export const snmpSignal = (key: string, options: Partial<SnmpSignal> = {}): SnmpSignal => ({
  key,
  ...plain,
  type: 'int32',
  oid: '1.3.6.1.2.1.33.1.2.4.0',
  ...options,
})

export const nutPath = (port: number, options: Partial<NutPath> = {}): NutPath => ({
  protocol: 'nut',
  name: 'lan-1',
  address: `nut://127.0.0.1:${port}/rack`,
  host: '127.0.0.1',
  port,
  ups: 'rack',
  tls: 'off',
  signals: [nutSignal('charge_pct'), nutToken('on_mains', 'OL'), nutToken('on_battery', 'OB')],
  ...options,
})

export const snmpPath = (port: number, options: Partial<SnmpPath> = {}): SnmpPath => ({
  protocol: 'snmp',
  name: 'lan-1',
  address: `snmp://127.0.0.1:${port}`,
  host: '127.0.0.1',
  port,
  access: { version: '2c', communityFile: '/nowhere' },
  signals: [snmpSignal('charge_pct')],
  ...options,
})

export const upsDevice = (options: Partial<Device> = {}): Device => ({
  id: 'ups-1',
  paths: [],
  derived: [],
  glance: [],
  scanMs: 1000,
  timeoutMs: 400,
  mayWrite: false,
  ...options,
})

/** Reads until a scan is as wanted; the newest scan stands in the message of the failure. */
export async function scanUntil(
  driver: Driver,
  what: string,
  wanted: (scan: Scan) => boolean,
  limitMs = 15_000,
): Promise<Scan> {
  let newest = 'nothing'
  try {
    return await until(
      what,
      async () => {
        const scan = await driver.read(true)
        newest = JSON.stringify(scan)
        return wanted(scan) && scan
      },
      limitMs,
    )
  } catch (error) {
    throw new Error(`${what}; the newest scan is ${newest}`, { cause: error })
  }
}

export const answered = (scan: Scan): boolean => scan.kind === 'answered'
/** Whether a scan failed with a detail that holds `words`. */
export const failedWith =
  (words: string) =>
  (scan: Scan): boolean =>
    scan.kind === 'failed' && scan.detail.includes(words)

/** A folder of its own, gone after the test. */
export async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bumpless-ups-'))
  try {
    await test(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A file with a secret that only we may read. */
export async function secretIn(folder: string, name: string, secret: string): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, `${secret}\n`, { mode: 0o600 })
  return file
}

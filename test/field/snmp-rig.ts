// A UPS over SNMP for the tests: an agent that answers as the test says, and a driver that asks it.

import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Scan } from '../../src/core/image.ts'
import type { SnmpPath, SnmpSignal } from '../../src/core/plant.ts'
import type { Driver } from '../../src/field/driver.ts'
import { snmpDriver } from '../../src/field/snmp/driver.ts'
import { HostileAgent, valueAt } from './snmp-hostile-agent.ts'
import { clock, secretIn, snmpPath, snmpSignal, upsDevice } from './ups-devices.ts'

export const mib = '1.3.6.1.2.1.33.1'
export const charge = `${mib}.2.4.0`
export const runtime = `${mib}.2.3.0`
export const other = snmpSignal('runtime', { oid: runtime })
const two: readonly SnmpSignal[] = [snmpSignal('charge', { oid: charge }), other]
export const rightly = { charge: valueAt(charge), runtime: valueAt(runtime) }

export type Rig = {
  readonly agent: HostileAgent
  readonly authFile: string
  /** A driver for this test; it asks for two objects unless the test says otherwise. */
  readonly open: (options?: Partial<SnmpPath>, timeoutMs?: number) => Driver
}

/** Makes a new agent before each test of the suite, and ends it and the driver after it. */
export function hostileUps(): Rig {
  let folder = ''
  let agent = new HostileAgent()
  let port = 0
  let driver: Driver | undefined
  let communityFile = ''
  let authFile = ''
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bumpless-snmp-'))
    communityFile = await secretIn(folder, 'community', 'site-community')
    authFile = await secretIn(folder, 'auth', 'a signing secret')
  })
  after(() => rm(folder, { recursive: true, force: true }))
  beforeEach(async () => {
    agent = new HostileAgent()
    port = await agent.open()
  })
  afterEach(async () => {
    await driver?.close()
    agent.close()
  })
  return {
    get agent() {
      return agent
    },
    get authFile() {
      return authFile
    },
    open: (options = {}, timeoutMs = 300) => {
      const access = { version: '2c', communityFile } as const
      const way = snmpPath(port, { access, signals: two, ...options })
      driver = snmpDriver(upsDevice({ timeoutMs }), clock, way)
      return driver
    },
  }
}

/** Fault and detail of a failed scan, else the values. */
export const detailOf = (scan: Scan): string =>
  scan.kind === 'failed' ? `${scan.fault}: ${scan.detail}` : JSON.stringify(scan.values)

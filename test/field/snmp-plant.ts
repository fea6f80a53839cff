// A real snmpd that shows the objects of a made-up UPS, in a folder of the test.

import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { SnmpPath } from '../../src/core/plant.ts'
import { type Daemon, freeUdpPort, startDaemon } from './daemon.ts'
import { secretIn } from './ups-devices.ts'

/** Type and value of an object by its name. */
export type Objects = Readonly<Record<string, readonly [string, string | number]>>

export type SnmpPlant = {
  readonly port: number
  readonly agent: Daemon
  readonly access: Readonly<Record<'community' | 'signed' | 'encrypted', SnmpPath['access']>>
  /** Gives the UPS other objects; the next question sees them. */
  readonly set: (objects: Objects) => Promise<void>
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

export async function startSnmpPlant(folder: string, objects: Objects): Promise<SnmpPlant> {
  const port = await freeUdpPort()
  const table = path.join(folder, 'objects')
  const set = async (next: Objects): Promise<void> => {
    const lines = Object.entries(next).map(([name, value]) => `${[name, ...value].join('\t')}\n`)
    await writeFile(`${table}.new`, lines.join(''))
    await rename(`${table}.new`, table)
  }
  await set(objects)
  const program = path.join(import.meta.dirname, 'snmp-table.ts')
  const configuration = path.join(folder, 'agent.conf')
  const lines = [
    'rocommunity site-community 127.0.0.1',
    'createUser signer SHA-256 "a signing secret"',
    'createUser sealer SHA "a signing secret" AES "a sealing secret"',
    'rouser signer authnopriv',
    'rouser sealer authpriv',
    `pass_persist .1.3.6.1.2.1.33 ${process.execPath} ${program} ${table}`,
  ]
  await writeFile(configuration, `${lines.join('\n')}\n`, { mode: 0o600 })
  const memory = path.join(folder, 'memory')
  await mkdir(memory, { mode: 0o700 })
  const start = async (): Promise<Daemon> => {
    const options = ['-f', '-Lo', '-C', '-c', configuration, '-I', '-smux', `udp:127.0.0.1:${port}`]
    const environment = { MIBS: '', SNMPCONFPATH: folder, SNMP_PERSISTENT_DIR: memory }
    const started = startDaemon('/usr/sbin/snmpd', options, environment)
    await started.until('snmpd says that it runs', async () =>
      started.log().includes('NET-SNMP version'),
    )
    return started
  }
  let agent = await start()
  const authFile = await secretIn(folder, 'auth', 'a signing secret')
  return {
    port,
    get agent() {
      return agent
    },
    access: {
      community: {
        version: '2c',
        communityFile: await secretIn(folder, 'community', 'site-community'),
      },
      signed: { version: '3', user: 'signer', authFile, auth: 'sha256' },
      encrypted: {
        version: '3',
        user: 'sealer',
        authFile,
        auth: 'sha',
        privFile: await secretIn(folder, 'priv', 'a sealing secret'),
      },
    },
    set,
    restart: async () => {
      await agent.stop()
      agent = await start()
    },
    stop: () => agent.stop(),
  }
}

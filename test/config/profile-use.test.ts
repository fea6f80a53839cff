// Every profile that comes with the product in a plant file, over each protocol that it is made for.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { readProfile } from '../../src/config/profile.ts'
import { type Protocol, parseSignalAddress } from '../../src/config/signal-address.ts'
import { isOfDigests } from '../../src/core/sync/digest-block.ts'
import { planReads } from '../../src/field/modbus/plan.ts'
import { altered, doorOfA, doorOfB, doorOfUps, withoutTags } from './path-text.ts'
import { loadText } from './plant-text.ts'

const folder = path.resolve(import.meta.dirname, '../../config/profiles')

const doors: Readonly<Record<Protocol, (host: string) => string>> = {
  modbus: (host) => `modbus: 'tcp://${host}:502'`,
  opcua: (host) => `opcua: 'opc.tcp://${host}:4840'`,
  nut: (host) => `nut: 'nut://${host}/rack'`,
  snmp: (host) => `snmp: 'snmp://${host}', community_file: secret`,
}

/** The plant file with a pair, or with a UPS, of this profile. */
function plantWith(name: string, kind: 'unit' | 'ups', protocol: Protocol): string {
  const door = doors[protocol]
  if (kind === 'ups') {
    return altered(withoutTags, [[doorOfUps, `profile: ${name}, ${door('10.1.0.20')} }`]])
  }
  const mode = name === 'bumpless-block' ? 'supervise' : 'observe'
  return altered(withoutTags, [
    ['profile: bumpless-block\n    mode: supervise', `profile: ${name}\n    mode: ${mode}`],
    [doorOfA, `{ ${door('10.1.0.11')} }`],
    [doorOfB, `{ ${door('10.1.0.12')} }`],
  ])
}

describe('A plant file', () => {
  for (const file of readdirSync(folder)) {
    const name = path.basename(file, '.yaml')
    const found = readProfile(name, path.join(folder, '../plant.yaml'))
    assert.equal(found.kind, 'read', name)
    const { kind, signals } = found.profile
    const protocols = new Set(
      Object.values(signals).flatMap(({ at }) => Object.keys(parseSignalAddress(at)) as Protocol[]),
    )
    for (const protocol of protocols) {
      it(`can use the profile ${name} over ${protocol}`, async () => {
        const { result, lines } = await loadText(plantWith(name, kind, protocol))
        assert.ok(result.ok, lines.join('\n'))
        const device = result.plant.devices[kind === 'ups' ? 'ups-1' : 'intake.A']
        const [way] = device?.paths ?? []
        assert.ok(device !== undefined && way?.protocol === protocol)
        // Digests are read only where the plant file asks for them.
        const read = Object.keys(signals).filter((key) => !isOfDigests(key))
        assert.equal(way.signals.length, read.length, 'signals on this way')
        assert.ok(device.glance.length > 0, 'a spare path is asked for something')
        assert.equal(device.mayWrite, name === 'bumpless-block')
        // A profile that needs many requests for one scan would load the device without need.
        if (way.protocol === 'modbus') assert.ok(planReads(way.signals, way).length <= 12)
      })
    }
  }
})

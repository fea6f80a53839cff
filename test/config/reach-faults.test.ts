// Paths on which the profile or a tag has nothing to read: a value that only one path can read would vanish with that path.

import assert from 'node:assert/strict'
import {
  altered,
  type BadPaths,
  doorOfA,
  doorOfUps,
  refusesPaths,
  withoutTags,
} from './path-text.ts'
import { loadText, soundText } from './plant-text.ts'
import { unitText } from './profile-text.ts'

const profiles: readonly BadPaths[] = [
  [
    'a UPS on a NUT server with a profile of registers',
    [[doorOfUps, "profile: demo-ups, nut: 'nut://10.1.0.20/ups' }"]],
    [
      'plant.yaml:20:44 ups[0].nut: the profile "demo-ups" has no nut address for "state"; it has modbus',
    ],
  ],
  [
    'a UPS in registers with the profile of a NUT server',
    [[doorOfUps, "profile: nut, modbus: 'tcp://10.1.0.20:502' }"]],
    [
      'plant.yaml:20:42 ups[0].modbus: the profile "nut" has no modbus address for "output_off"; it has nut',
    ],
  ],
  [
    'a UPS over SNMP with the profile of a NUT server',
    [[doorOfUps, "profile: nut, snmp: 'snmp://10.1.0.20', community_file: c }"]],
    [
      'plant.yaml:20:40 ups[0].snmp: the profile "nut" has no snmp address for "output_off"; it has nut',
    ],
  ],
  [
    'a unit over OPC UA with a profile of registers',
    [
      [doorOfA, "{ opcua: 'opc.tcp://10.1.0.11:4840' }"],
      ['profile: bumpless-block\n    mode: supervise', 'profile: mitsubishi-iqr'],
    ],
    [
      'plant.yaml:11:26 pairs[0].units.A.paths[0].opcua: the profile "mitsubishi-iqr" has no opcua address for "role"; it has modbus',
    ],
  ],
  [
    'a unit over OPC UA whose role is derived from registers',
    [
      [doorOfA, "{ opcua: 'opc.tcp://10.1.0.11:4840' }"],
      ['profile: bumpless-block\n    mode: supervise', 'profile: ge-pacsystems'],
    ],
    [
      'plant.yaml:11:26 pairs[0].units.A.paths[0].opcua: the profile "ge-pacsystems" has no opcua address for "mapped"; it has modbus',
    ],
  ],
]

const tags: readonly BadPaths[] = [
  [
    'tags in registers on a path of OPC UA',
    [[doorOfA, "{ opcua: 'opc.tcp://10.1.0.11:4840' }"]],
    [
      "plant.yaml:19:28 pairs[0].tags[0].at: no opcua address, and a path of this pair is opcua; expected { opcua: 'ns=2;s=X' } here",
      "plant.yaml:20:27 pairs[0].tags[1].at: no opcua address, and a path of this pair is opcua; expected { opcua: 'ns=2;s=X' } here",
      "plant.yaml:21:27 pairs[0].tags[2].at: no opcua address, and a path of this pair is opcua; expected { opcua: 'ns=2;s=X' } here",
    ],
  ],
  [
    'a tag in a node on a path of Modbus',
    [["at: 'hr:100'", "at: 'ns=2;s=LEVEL'"]],
    [
      "plant.yaml:19:28 pairs[0].tags[0].at: no modbus address, and a path of this pair is modbus; expected { modbus: 'hr:100' } here",
    ],
  ],
  [
    'a tag with one of the two addresses that its paths need',
    [
      [doorOfA, "{ modbus: 'tcp://10.1.0.11:502' }, { opcua: 'opc.tcp://10.1.0.11:4840' }"],
      ["at: 'hr:100'", "at: { modbus: 'hr:100', opcua: 'ns=2;s=LEVEL' }"],
      ["at: 'hr:102'", "at: { modbus: 'hr:102', opcua: 'ns=2;s=MODE' }"],
    ],
    [
      "plant.yaml:21:27 pairs[0].tags[2].at: no opcua address, and a path of this pair is opcua; expected { opcua: 'ns=2;s=X' } here",
    ],
  ],
]

describe('A path that the profile or a tag cannot use', () => {
  refusesPaths(withoutTags, profiles)
  refusesPaths(soundText, tags)

  it('refuses a tag that is longer than what the device gives in one answer', async () => {
    const plant = altered(soundText, [
      ['profile: bumpless-block\n    mode: supervise', 'profile: own'],
      ['type: float32, class: analog, tolerance: 0.5', 'type: float64, class: volatile'],
      ["'hr:102'", "'hr:110'"],
      ["'hr:103.0'", "'hr:113.0'"],
    ])
    const own = altered(unitText, [['signals:', 'registers_max: 3\nsignals:']])
    const told = await loadText(plant, { 'profiles/own.yaml': own })
    assert.deepEqual(told.lines, [
      'plant.yaml:18:28 pairs[0].tags[0].at: takes 4 registers, and this device gives at most 3 in one answer',
    ])
  })

  it('refuses a supervised pair with a path on which no command could be written', async () => {
    const plant = altered(withoutTags, [
      ['profile: bumpless-block', 'profile: own'],
      [doorOfA, "{ opcua: 'opc.tcp://10.1.0.11:4840' }"],
    ])
    const own = altered(unitText, [['signals:', 'command_at: hr:1100\nsignals:']])
    const told = await loadText(plant, { 'profiles/own.yaml': own })
    assert.deepEqual(told.lines, [
      'plant.yaml:12:26 pairs[0].units.A.paths[0].opcua: the profile "own" has no command block on opcua, so no command could go this way',
    ])
    const watched = altered(plant, [['mode: supervise', 'mode: observe']])
    assert.equal((await loadText(watched, { 'profiles/own.yaml': own })).result.ok, true)
  })
})

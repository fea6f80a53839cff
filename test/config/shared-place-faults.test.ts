// Places that two devices of a plant file share, and must not.

import assert from 'node:assert/strict'
import {
  altered,
  type BadPaths,
  type Changes,
  doorOfA,
  doorOfB,
  doorOfUps,
  refusesPaths,
  warnsOfPaths,
  withoutTags,
} from './path-text.ts'
import { loadText } from './plant-text.ts'

const shared: readonly BadPaths[] = [
  [
    'two paths to one address',
    [[doorOfA, "{ modbus: 'tcp://10.1.0.11:502' }, { modbus: 'tcp://10.1.0.11:502' }"]],
    [
      'plant.yaml:12:62 pairs[0].units.A.paths[1].modbus: pairs[0].units.A has the same address and unit identifier',
    ],
  ],
  [
    'two units at one address, by name and by number',
    [
      [doorOfA, "{ modbus: 'tcp://localhost:502' }"],
      [doorOfB, "{ modbus: 'tcp://127.0.0.1:502' }"],
    ],
    [
      'plant.yaml:17:27 pairs[0].units.B.paths[0].modbus: pairs[0].units.A has the same address and unit identifier',
    ],
  ],
  [
    'two units with one identifier on a serial line',
    [
      [doorOfA, "{ modbus: 'serial:///dev/ttyS0' }"],
      [doorOfB, "{ modbus: 'serial:///dev/ttyS0' }"],
    ],
    [
      'plant.yaml:17:27 pairs[0].units.B.paths[0].modbus: pairs[0].units.A has the same address and unit identifier',
    ],
  ],
  [
    'a serial line with two speeds',
    [
      [doorOfA, "{ modbus: 'serial:///dev/ttyS0', baud: 9600 }"],
      [doorOfB, "{ modbus: 'serial:///dev/ttyS0', unit: 2, baud: 38400 }"],
    ],
    [
      'plant.yaml:17:65 pairs[0].units.B.paths[0].baud: pairs[0].units.A has baud 9600 on the same line, /dev/ttyS0, and this path has 38400',
    ],
  ],
  [
    'a serial line with a speed and the default',
    [
      [doorOfA, "{ modbus: 'serial:///dev/ttyS0', baud: 9600 }"],
      [doorOfB, "{ modbus: 'serial:///dev/ttyS0', unit: 2 }"],
    ],
    [
      'plant.yaml:17:27 pairs[0].units.B.paths[0].modbus: pairs[0].units.A has baud 9600 on the same line, /dev/ttyS0, and this path has 19200',
    ],
  ],
  [
    'a serial line with two parities',
    [
      [doorOfA, "{ modbus: 'serial:///dev/ttyS0', parity: odd }"],
      [doorOfB, "{ modbus: 'serial:///dev/ttyS0', unit: 2, parity: even }"],
    ],
    [
      'plant.yaml:17:67 pairs[0].units.B.paths[0].parity: pairs[0].units.A has parity odd on the same line, /dev/ttyS0, and this path has even',
    ],
  ],
  [
    'two units at one OPC UA server',
    [
      [doorOfA, "{ opcua: 'opc.tcp://10.1.0.11:4840' }"],
      [doorOfB, "{ opcua: 'OPC.TCP://10.1.0.11:4840/' }"],
    ],
    ['plant.yaml:17:26 pairs[0].units.B.paths[0].opcua: pairs[0].units.A has the same address'],
  ],
  [
    'one UPS of a NUT server twice',
    [
      [
        doorOfUps,
        "profile: nut, nut: 'nut://10.1.0.20/ups' }\n  - { name: ups-2, profile: nut, nut: 'nut://10.1.0.20:3493/ups' }",
      ],
    ],
    ['plant.yaml:21:39 ups[1].nut: ups[0] has the same address'],
  ],
  [
    'one SNMP card twice',
    [
      [
        doorOfUps,
        "profile: rfc1628, snmp: 'snmp://10.1.0.20', community_file: c }\n  - { name: ups-2, profile: rfc1628, snmp: 'snmp://10.1.0.20:161', community_file: c }",
      ],
    ],
    ['plant.yaml:21:44 ups[1].snmp: ups[0] has the same address'],
  ],
]

const doubtful: readonly BadPaths[] = [
  [
    'one host with two unit identifiers',
    [[doorOfB, "{ modbus: 'tcp://10.1.0.11:502', unit: 2 }"]],
    [
      'plant.yaml:17:27 pairs[0].units.B.paths[0].modbus: pairs[0].units.A has the same host and port: right only behind a gateway',
    ],
  ],
  [
    'two paths over one network',
    [
      [
        doorOfA,
        "{ modbus: 'tcp://10.1.0.11:502', lan: lan-1 }, { modbus: 'tcp://10.2.0.11:502', lan: lan-1 }",
      ],
    ],
    [
      'plant.yaml:12:102 pairs[0].units.A.paths[1].lan: both paths go over lan-1: they fail together',
    ],
  ],
]

describe('Two devices in one place', () => {
  refusesPaths(withoutTags, shared)
  warnsOfPaths(withoutTags, doubtful)

  it('may share a serial line whose settings are written out for one and left to the default for the other', async () => {
    const changes: Changes = [
      [doorOfA, "{ modbus: 'serial:///dev/ttyS0' }"],
      [
        doorOfB,
        "{ modbus: 'serial:///dev/ttyS0', unit: 2, baud: 19200, parity: even, stop_bits: 1 }",
      ],
    ]
    const told = await loadText(altered(withoutTags, changes))
    assert.equal(told.result.ok, true, told.lines.join('\n'))
  })
})

// Ways to a device that lead nowhere: no address, two of them, or one that is none.

import { type BadPaths, doorOfA, doorOfUps, refusesPaths, withoutTags } from './path-text.ts'

const addresses: readonly BadPaths[] = [
  [
    'a path without an address',
    [[doorOfA, '{ unit: 1 }']],
    ['plant.yaml:12:17 pairs[0].units.A.paths[0]: no address; expected modbus or opcua'],
  ],
  [
    'a UPS without an address',
    [[doorOfUps, 'profile: demo-ups, unit: 1 }']],
    ['plant.yaml:20:5 ups[0]: no address; expected modbus, nut or snmp'],
  ],
  [
    'a path with two addresses',
    [[doorOfA, "{ modbus: 'tcp://10.1.0.11:502', opcua: 'opc.tcp://10.1.0.11:4840' }"]],
    [
      'plant.yaml:12:57 pairs[0].units.A.paths[0].opcua: a path has one address; modbus is there already',
    ],
  ],
  [
    'a unit on a NUT server',
    [[doorOfA, "{ nut: 'nut://10.1.0.11/ups' }"]],
    [
      'plant.yaml:12:19 pairs[0].units.A.paths[0].nut: unknown key "nut"; expected modbus, unit, baud, parity, stop_bits, opcua, security, policy, pki, user, password_file or lan',
    ],
  ],
  [
    'a UPS over OPC UA',
    [[doorOfUps, "profile: demo-ups, opcua: 'opc.tcp://10.1.0.20:4840' }"]],
    [
      'plant.yaml:20:39 ups[0].opcua: reaching a UPS over OPC UA is not in this version; use modbus, nut or snmp',
    ],
  ],
  [
    'a key that no path has',
    [[doorOfA, "{ modbus: 'tcp://10.1.0.11:502', uint: 1 }"]],
    ['plant.yaml:12:50 pairs[0].units.A.paths[0].uint: unknown key "uint"; did you mean "unit"?'],
  ],
  [
    'a way that is misspelled',
    [[doorOfA, "{ modbus: 'tpc://10.1.0.11:502' }"]],
    [
      'plant.yaml:12:27 pairs[0].units.A.paths[0].modbus: unknown way "tpc"; did you mean "tcp://"?; expected tcp://host:port, rtu+tcp://host:port or serial:///dev/ttyUSB0',
    ],
  ],
  [
    'a way that does not exist',
    [[doorOfA, "{ modbus: 'http://10.1.0.11:502' }"]],
    [
      'plant.yaml:12:27 pairs[0].units.A.paths[0].modbus: unknown way "http"; expected tcp://host:port, rtu+tcp://host:port or serial:///dev/ttyUSB0',
    ],
  ],
  [
    'a device server without a port',
    [[doorOfA, "{ modbus: 'rtu+tcp://10.1.0.11' }"]],
    [
      'plant.yaml:12:27 pairs[0].units.A.paths[0].modbus: the port is missing; expected rtu+tcp://host:port',
    ],
  ],
  [
    'a serial port without its path',
    [[doorOfA, "{ modbus: 'serial://COM1' }"]],
    [
      'plant.yaml:12:27 pairs[0].units.A.paths[0].modbus: expected the path of a serial port: serial:///dev/ttyUSB0, found "serial://COM1"',
    ],
  ],
  [
    'an OPC UA address without opc',
    [[doorOfA, "{ opcua: 'tcp://10.1.0.11:4840' }"]],
    [
      'plant.yaml:12:26 pairs[0].units.A.paths[0].opcua: expected opc.tcp://host:port, found "tcp://10.1.0.11:4840"',
    ],
  ],
  [
    'an OPC UA address without a port',
    [[doorOfA, "{ opcua: 'opc.tcp://10.1.0.11' }"]],
    [
      'plant.yaml:12:26 pairs[0].units.A.paths[0].opcua: the port is missing; expected opc.tcp://host:port',
    ],
  ],
  [
    'a NUT address of another way',
    [[doorOfUps, "profile: nut, nut: 'tcp://10.1.0.20' }"]],
    ['plant.yaml:20:39 ups[0].nut: expected nut://host/ups, found "tcp://10.1.0.20"'],
  ],
  [
    'a NUT address without the UPS',
    [[doorOfUps, "profile: nut, nut: 'nut://10.1.0.20' }"]],
    [
      'plant.yaml:20:39 ups[0].nut: the name of the UPS on its server is missing; expected nut://host/ups',
    ],
  ],
  [
    'a NUT address without a host',
    [[doorOfUps, "profile: nut, nut: 'nut:///ups' }"]],
    ['plant.yaml:20:39 ups[0].nut: the host is missing; expected nut://host/ups'],
  ],
  [
    'an SNMP address without its way',
    [[doorOfUps, "profile: rfc1628, snmp: '10.1.0.20', community_file: c }"]],
    ['plant.yaml:20:44 ups[0].snmp: expected snmp://host, found "10.1.0.20"'],
  ],
  [
    'an SNMP port that does not exist',
    [[doorOfUps, "profile: rfc1628, snmp: 'snmp://10.1.0.20:0', community_file: c }"]],
    ['plant.yaml:20:44 ups[0].snmp: port "0" is out of range; expected 1 to 65535'],
  ],
  [
    'a unit without a path',
    [[doorOfA, '']],
    ['plant.yaml:12:16 pairs[0].units.A.paths: at least one path is needed'],
  ],
  [
    'a third path',
    [
      [
        doorOfA,
        "{ modbus: 'tcp://10.1.0.11:502' }, { modbus: 'tcp://10.2.0.11:502' }, { modbus: 'tcp://10.3.0.11:502' }",
      ],
    ],
    ['plant.yaml:12:16 pairs[0].units.A.paths: two paths at most'],
  ],
  [
    'a network name with a space',
    [[doorOfA, "{ modbus: 'tcp://10.1.0.11:502', lan: 'LAN 1' }"]],
    [
      'plant.yaml:12:55 pairs[0].units.A.paths[0].lan: a name is 1 to 40 letters, digits, "-" and "_", and begins with a letter or digit, found "LAN 1"',
    ],
  ],
]

describe('A path with a wrong address', () => {
  refusesPaths(withoutTags, addresses)
})

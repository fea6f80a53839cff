// Settings of a path that belong to another way, contradict each other, or would do nothing.

import {
  type BadPaths,
  doorOfA,
  doorOfUps,
  refusesPaths,
  warnsOfPaths,
  withoutTags,
} from './path-text.ts'

const settings: readonly BadPaths[] = [
  [
    'a baud rate on TCP',
    [[doorOfA, "{ modbus: 'tcp://10.1.0.11:502', baud: 9600 }"]],
    [
      'plant.yaml:12:56 pairs[0].units.A.paths[0].baud: "baud" belongs to a serial line (serial:///dev/ttyUSB0)',
    ],
  ],
  [
    'a baud rate that is not served',
    [[doorOfA, "{ modbus: 'serial:///dev/ttyS0', baud: 1200 }"]],
    [
      'plant.yaml:12:56 pairs[0].units.A.paths[0].baud: expected 9600, 19200, 38400, 57600 or 115200, found 1200',
    ],
  ],
  [
    'a parity that does not exist',
    [[doorOfA, "{ modbus: 'serial:///dev/ttyS0', parity: evn }"]],
    [
      'plant.yaml:12:58 pairs[0].units.A.paths[0].parity: expected none, even or odd, found "evn"; did you mean "even"?',
    ],
  ],
  [
    'three stop bits',
    [[doorOfA, "{ modbus: 'serial:///dev/ttyS0', stop_bits: 3 }"]],
    ['plant.yaml:12:61 pairs[0].units.A.paths[0].stop_bits: expected 1 or 2, found 3'],
  ],
  [
    'security on Modbus',
    [[doorOfA, "{ modbus: 'tcp://10.1.0.11:502', security: none }"]],
    [
      'plant.yaml:12:60 pairs[0].units.A.paths[0].security: "security" belongs to opcua, and this path is modbus',
    ],
  ],
  [
    'an account on Modbus',
    [[doorOfA, "{ modbus: 'tcp://10.1.0.11:502', user: x, password_file: y }"]],
    [
      'plant.yaml:12:56 pairs[0].units.A.paths[0].user: "user" belongs to opcua, nut or snmp, and this path is modbus',
      'plant.yaml:12:74 pairs[0].units.A.paths[0].password_file: "password_file" belongs to opcua or nut, and this path is modbus',
    ],
  ],
  [
    'a unit identifier on OPC UA',
    [[doorOfA, "{ opcua: 'opc.tcp://10.1.0.11:4840', unit: 3 }"]],
    [
      'plant.yaml:12:60 pairs[0].units.A.paths[0].unit: "unit" belongs to modbus, and this path is opcua',
    ],
  ],
  [
    'a parity on OPC UA',
    [[doorOfA, "{ opcua: 'opc.tcp://10.1.0.11:4840', parity: none }"]],
    [
      'plant.yaml:12:62 pairs[0].units.A.paths[0].parity: "parity" belongs to modbus, and this path is opcua',
    ],
  ],
  [
    'a policy that does not exist',
    [[doorOfA, "{ opcua: 'opc.tcp://10.1.0.11:4840', policy: Basic128 }"]],
    [
      'plant.yaml:12:62 pairs[0].units.A.paths[0].policy: expected Basic256Sha256, Aes128_Sha256_RsaOaep or Aes256_Sha256_RsaPss, found "Basic128"',
    ],
  ],
  [
    'a policy without security',
    [[doorOfA, "{ opcua: 'opc.tcp://10.1.0.11:4840', security: none, policy: Basic256Sha256 }"]],
    [
      'plant.yaml:12:78 pairs[0].units.A.paths[0].policy: without security there is no policy; leave it away',
    ],
  ],
  [
    'an account without its password',
    [[doorOfA, "{ opcua: 'opc.tcp://10.1.0.11:4840', user: x }"]],
    ['plant.yaml:12:60 pairs[0].units.A.paths[0].user: user and password_file belong together'],
  ],
  [
    'a password without its account',
    [[doorOfA, "{ opcua: 'opc.tcp://10.1.0.11:4840', password_file: x }"]],
    [
      'plant.yaml:12:69 pairs[0].units.A.paths[0].password_file: user and password_file belong together',
    ],
  ],
  [
    'a password that would go in clear',
    [
      [
        doorOfUps,
        "profile: nut, nut: 'nut://10.1.0.20/ups', tls: 'off', user: u, password_file: f }",
      ],
    ],
    ['plant.yaml:20:67 ups[0].tls: the password would go in clear; expected tls: required'],
  ],
  [
    'an authority that nobody asks',
    [[doorOfUps, "profile: nut, nut: 'nut://10.1.0.20/ups', tls: 'off', ca: f }"]],
    ['plant.yaml:20:78 ups[0].ca: without TLS no certificate is checked; leave it away'],
  ],
  [
    'a NUT account without its password',
    [[doorOfUps, "profile: nut, nut: 'nut://10.1.0.20/ups', user: u }"]],
    ['plant.yaml:20:68 ups[0].user: user and password_file belong together'],
  ],
  [
    'an SNMP community on a NUT server',
    [[doorOfUps, "profile: nut, nut: 'nut://10.1.0.20/ups', community_file: f }"]],
    [
      'plant.yaml:20:78 ups[0].community_file: "community_file" belongs to snmp, and this path is nut',
    ],
  ],
  [
    'SNMP without a secret',
    [[doorOfUps, "profile: rfc1628, snmp: 'snmp://10.1.0.20' }"]],
    [
      'plant.yaml:20:44 ups[0].snmp: expected community_file (version 2c), or user and auth_file (version 3)',
    ],
  ],
  [
    'a community together with a user',
    [
      [
        doorOfUps,
        "profile: rfc1628, snmp: 'snmp://10.1.0.20', community_file: c, user: u, auth_file: a }",
      ],
    ],
    ['plant.yaml:20:80 ups[0].community_file: a community and a user exclude each other'],
  ],
  [
    'an SNMP user without a signing password',
    [[doorOfUps, "profile: rfc1628, snmp: 'snmp://10.1.0.20', user: u }"]],
    ['plant.yaml:20:70 ups[0].user: a user of SNMP version 3 needs auth_file'],
  ],
  [
    'signing without an SNMP user',
    [[doorOfUps, "profile: rfc1628, snmp: 'snmp://10.1.0.20', community_file: c, auth: sha }"]],
    ['plant.yaml:20:89 ups[0].auth: this belongs to a user of SNMP version 3'],
  ],
  [
    'encryption without an SNMP user',
    [[doorOfUps, "profile: rfc1628, snmp: 'snmp://10.1.0.20', community_file: c, priv_file: p }"]],
    ['plant.yaml:20:94 ups[0].priv_file: this belongs to a user of SNMP version 3'],
  ],
  [
    'a password file for SNMP',
    [
      [
        doorOfUps,
        "profile: rfc1628, snmp: 'snmp://10.1.0.20', user: u, auth_file: a, password_file: p }",
      ],
    ],
    [
      'plant.yaml:20:102 ups[0].password_file: "password_file" belongs to opcua or nut, and this path is snmp',
    ],
  ],
]

const unsafe: readonly BadPaths[] = [
  [
    'OPC UA without security',
    [[doorOfA, "{ opcua: 'opc.tcp://10.1.0.11:4840', security: none }"]],
    [
      'plant.yaml:12:64 pairs[0].units.A.paths[0].security: without security anybody on the network can answer in the name of this device',
    ],
  ],
  [
    'NUT without TLS',
    [[doorOfUps, "profile: nut, nut: 'nut://10.1.0.20/ups', tls: 'off' }"]],
    [
      'plant.yaml:20:67 ups[0].tls: without TLS anybody on the network can answer in the name of this server',
    ],
  ],
]

describe('A path with settings that do not fit its way', () => {
  refusesPaths(withoutTags, settings)
})

describe('A path that anybody could fake', () => {
  warnsOfPaths(withoutTags, unsafe)
})

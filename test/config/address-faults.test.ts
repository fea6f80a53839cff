// Addresses and types that a person may get wrong: registers, bits, hosts and ports.

import { type BadFile, refusesEach } from './plant-text.ts'

const table: readonly BadFile[] = [
  [
    'a register past the last one',
    'hr:100',
    'hr:70000',
    ['plant.yaml:19:28 pairs[0].tags[0].at: address 70000 is out of range; expected 0 to 65535'],
  ],
  [
    'a value that reaches past the last register',
    'hr:100',
    'hr:65535',
    ['plant.yaml:19:28 pairs[0].tags[0].at: reaches to hr:65536; the last is 65535'],
  ],
  [
    'an area that does not exist',
    'hr:100',
    'xx:1',
    [
      'plant.yaml:19:28 pairs[0].tags[0].at: unknown area "xx"; expected hr (holding registers), ir (input registers), co (coils) or di (discrete inputs)',
    ],
  ],
  [
    'an address without a number',
    'hr:100',
    'hr',
    ['plant.yaml:19:28 pairs[0].tags[0].at: expected an address such as hr:100, found "hr"'],
  ],
  [
    'a bit past the sixteenth',
    'hr:103.0',
    'hr:103.16',
    ['plant.yaml:21:27 pairs[0].tags[2].at: bit 16 is out of range; expected 0 to 15'],
  ],
  [
    'a bit without its number',
    'hr:103.0',
    'hr:103',
    ['plant.yaml:21:27 pairs[0].tags[2].at: a bit needs its number; expected hr:103.0 or so'],
  ],
  [
    'a bit number at a whole word',
    'hr:102',
    'hr:102.1',
    ['plant.yaml:20:27 pairs[0].tags[1].at: only the type bit takes a bit number; leave ".1" away'],
  ],
  [
    'a word type at a coil',
    "at: 'hr:102'",
    "at: 'co:2'",
    ['plant.yaml:20:41 pairs[0].tags[1].type: co holds single bits; expected bool, found "uint16"'],
  ],
  [
    'a coil type at a word',
    'type: bit',
    'type: bool',
    [
      'plant.yaml:21:45 pairs[0].tags[2].type: hr holds words; expected bit with an address such as hr:110.0',
    ],
  ],
  [
    'a scaled bit',
    'type: bit',
    'type: bit, scale: 2',
    ['plant.yaml:21:57 pairs[0].tags[2].scale: bit cannot be scaled'],
  ],
  [
    'names for a value with a fraction',
    'tolerance: 0.5',
    'names: { 1: low }, tolerance: 0.5',
    [
      'plant.yaml:19:75 pairs[0].tags[0].names: only whole numbers without scale and offset can have names',
    ],
  ],
  [
    'a host without a port',
    "'tcp://10.1.0.11:502'",
    'tcp://10.1.0.11',
    [
      'plant.yaml:12:27 pairs[0].units.A.paths[0].modbus: the port is missing; expected tcp://host:port',
    ],
  ],
  [
    'a port out of range',
    "'tcp://10.1.0.11:502'",
    "'tcp://10.1.0.11:70000'",
    [
      'plant.yaml:12:27 pairs[0].units.A.paths[0].modbus: port "70000" is out of range; expected 1 to 65535',
    ],
  ],
  [
    'an address without tcp://',
    "'tcp://10.1.0.11:502'",
    "'10.1.0.11:502'",
    [
      'plant.yaml:12:27 pairs[0].units.A.paths[0].modbus: expected tcp://host:port, found "10.1.0.11:502"',
    ],
  ],
  [
    'an IPv4 address with a number above 255',
    "'tcp://10.1.0.11:502'",
    "'tcp://10.1.0.256:502'",
    [
      'plant.yaml:12:27 pairs[0].units.A.paths[0].modbus: "10.1.0.256" is not a host name or address; expected tcp://host:port',
    ],
  ],
  [
    'an address without a host',
    "'tcp://10.1.0.11:502'",
    "'tcp://:502'",
    [
      'plant.yaml:12:27 pairs[0].units.A.paths[0].modbus: the host is missing; expected tcp://host:port',
    ],
  ],
  [
    'a door without a port',
    'site: Westhaven',
    'site: Westhaven\nhttp: { listen: 127.0.0.1 }',
    ['plant.yaml:2:17 http.listen: the port is missing; expected host:port'],
  ],
]

describe('A plant file with a wrong address', () => {
  refusesEach(table)
})

// Keys, types, ranges and words that a person may get wrong, and the exact lines that the loader answers with.

import { type BadFile, refusesEach } from './plant-text.ts'

const table: readonly BadFile[] = [
  [
    'a misspelled key, with the right one',
    'scan_ms: 200',
    'scna_ms: 200',
    ['plant.yaml:6:5 pairs[0].scna_ms: unknown key "scna_ms"; did you mean "scan_ms"?'],
  ],
  [
    'a misspelled key of the whole plant',
    'site: Westhaven',
    'site: Westhaven\ncycle-ms: 100',
    ['plant.yaml:2:1 cycle-ms: unknown key "cycle-ms"; did you mean "cycle_ms"?'],
  ],
  [
    'a key that nothing is near to',
    'site: Westhaven',
    'site: Westhaven\ncolour: blue',
    [
      'plant.yaml:2:1 colour: unknown key "colour"; expected site, cycle_ms, mode, maintenance_windows, journal, recorder, http, opcua, alarms, users, pairs or ups',
    ],
  ],
  [
    'a misspelled required key, told once',
    'location: rack 1',
    'locaton: rack 1',
    ['plant.yaml:9:9 pairs[0].units.A.locaton: unknown key "locaton"; did you mean "location"?'],
  ],
  ['a missing site', 'site: Westhaven\n', '', ['plant.yaml:1:1 site: missing; expected text']],
  [
    'a unit without a number',
    '        number: 11\n',
    '',
    [
      'plant.yaml:9:9 pairs[0].units.A.number: missing; the status block of "bumpless-block" shows this number',
    ],
  ],
  [
    'a pair without unit B',
    "      B:\n        location: rack 2\n        number: 12\n        power: { all_of: [ups-1] }\n        paths: [{ modbus: 'tcp://10.1.0.12:502', unit: 1 }]\n",
    '',
    ['plant.yaml:8:7 pairs[0].units.B: missing; expected keys and values'],
  ],
  [
    'text where a number belongs',
    'scan_ms: 200',
    'scan_ms: fast',
    ['plant.yaml:6:14 pairs[0].scan_ms: expected a number, found "fast"'],
  ],
  [
    'a number in quotes',
    'scan_ms: 200',
    "scan_ms: '200'",
    ['plant.yaml:6:14 pairs[0].scan_ms: expected a number, found "200"'],
  ],
  [
    'a fraction where a whole number belongs',
    'scan_ms: 200',
    'scan_ms: 200.5',
    ['plant.yaml:6:14 pairs[0].scan_ms: expected a whole number, found 200.5'],
  ],
  [
    'a scan period that is too short',
    'scan_ms: 200',
    'scan_ms: 5',
    ['plant.yaml:6:14 pairs[0].scan_ms: must be at least 20, found 5'],
  ],
  [
    'a cycle that is too long',
    'site: Westhaven',
    'site: Westhaven\ncycle_ms: 5000',
    ['plant.yaml:2:11 cycle_ms: must be at most 1000, found 5000'],
  ],
  [
    'a confirmation time that is too long',
    'confirm_s: 60',
    'confirm_s: 6000',
    ['plant.yaml:23:26 pairs[0].policy.confirm_s: must be at most 600, found 6000'],
  ],
  [
    'a misspelled word',
    'mode: supervise',
    'mode: supervize',
    [
      'plant.yaml:5:11 pairs[0].mode: expected supervise or observe, found "supervize"; did you mean "supervise"?',
    ],
  ],
  [
    'a list where one entry belongs',
    'site: Westhaven',
    'site: [Westhaven]',
    ['plant.yaml:1:7 site: expected text, found a list'],
  ],
  [
    'one entry where a list belongs',
    'any_of: [ups-1]',
    'any_of: ups-1',
    ['plant.yaml:11:26 pairs[0].units.A.power.any_of: expected a list, found "ups-1"'],
  ],
  [
    'a word where true or false belongs',
    'confirm_s: 60',
    'second_person: perhaps',
    ['plant.yaml:23:30 pairs[0].policy.second_person: expected true or false, found "perhaps"'],
  ],
  [
    'an empty value',
    'location: rack 1',
    'location:',
    ['plant.yaml:9:9 pairs[0].units.A.location: expected text, found nothing'],
  ],
  [
    'a blank location',
    'location: rack 1',
    "location: ' '",
    ['plant.yaml:9:19 pairs[0].units.A.location: must not be empty, found " "'],
  ],
  [
    'a name with a blank',
    'name: intake',
    'name: raw intake',
    [
      'plant.yaml:3:11 pairs[0].name: a name is 1 to 40 letters, digits, "-" and "_", and begins with a letter or digit, found "raw intake"',
    ],
  ],
  [
    'a name that no program may carry',
    'name: intake',
    'name: constructor',
    ['plant.yaml:3:11 pairs[0].name: this word cannot be used as a name, found "constructor"'],
  ],
  [
    'a tag name with a blank',
    'name: LEVEL',
    'name: tank level',
    [
      'plant.yaml:19:17 pairs[0].tags[0].name: a tag name is 1 to 60 letters, digits and . _ : / -, and begins with a letter, found "tank level"',
    ],
  ],
  [
    'a type that does not exist',
    'type: float32',
    'type: float',
    [
      'plant.yaml:19:44 pairs[0].tags[0].type: expected bool, bit, bits, int16, uint16, int32, uint32, int64, uint64, float32, float64, bcd16, bcd32 or string, found "float"; did you mean "float32"?',
    ],
  ],
  [
    'a class that does not exist',
    'class: analog',
    'class: analogue',
    [
      'plant.yaml:19:60 pairs[0].tags[0].class: expected identity, discrete, enum, setpoint, analog, analog-own-sensor, integrator, counter, timestamp or volatile, found "analogue"; did you mean "analog"?',
    ],
  ],
  [
    'a negative tolerance',
    'tolerance: 0.5',
    'tolerance: -1',
    ['plant.yaml:19:79 pairs[0].tags[0].tolerance: must be at least 0, found -1'],
  ],
  [
    'a scale of nought',
    'tolerance: 0.5',
    'scale: 0, tolerance: 0.5',
    ['plant.yaml:19:75 pairs[0].tags[0].scale: must not be 0, found 0'],
  ],
  [
    'a name for something that is no raw number',
    '1: manual',
    'one: manual',
    [
      'plant.yaml:20:78 pairs[0].tags[1].names.one: the key "one" is wrong; expected a raw number from 0 to 65535',
    ],
  ],
  [
    'an unknown key in an address',
    "at: 'hr:100'",
    'at: { modbuss: hr:100 }',
    ['plant.yaml:19:30 pairs[0].tags[0].at.modbuss: unknown key "modbuss"; did you mean "modbus"?'],
  ],
  [
    'a number as an address',
    "at: 'hr:100'",
    'at: 100',
    ['plant.yaml:19:28 pairs[0].tags[0].at: expected an address such as hr:100, found 100'],
  ],
  [
    'a program checksum that is no number',
    'number: 11',
    'number: 11\n        program: latest',
    [
      'plant.yaml:11:18 pairs[0].units.A.program: expected a whole number from 0 to 0xFFFFFFFF, best written in hex: 0x1234ABCD, found "latest"',
    ],
  ],
  [
    'a unit identifier above 255',
    "11:502', unit: 1",
    "11:502', unit: 300",
    ['plant.yaml:12:56 pairs[0].units.A.paths[0].unit: must be at most 255, found 300'],
  ],
  [
    'a site gate without a value',
    ', equals: true',
    '',
    [
      'plant.yaml:22:21 pairs[0].gates.site[0].equals: missing; expected a number, a word or true or false',
    ],
  ],
  [
    'a role that nobody has',
    'equals: true',
    'equals: true, override: boss',
    [
      'plant.yaml:22:75 pairs[0].gates.site[0].override: expected operator, supervisor or engineer, found "boss"',
    ],
  ],
]

describe('A plant file with a wrong key or value', () => {
  refusesEach(table)
})

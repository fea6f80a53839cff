// What a person may get wrong in one place of a device profile: keys, types and decoding.

import { type BadProfile, refusesProfiles, upsText } from './profile-text.ts'

const table: readonly BadProfile[] = [
  [
    'a profile that is not called as its file',
    upsText,
    'name: own',
    'name: owns',
    ['profiles/own.yaml:1:7 name: the file is named own.yaml, so expected "own"'],
  ],
  [
    'a key that does not exist',
    upsText,
    'verified: false',
    'verifed: false',
    ['profiles/own.yaml:3:1 verifed: unknown key "verifed"; did you mean "verified"?'],
  ],
  [
    'a kind that does not exist',
    upsText,
    'kind: ups',
    'kind: upss',
    ['profiles/own.yaml:2:7 kind: expected unit or ups, found "upss"; did you mean "ups"?'],
  ],
  [
    'a profile without its source',
    upsText,
    'source: a document\n',
    '',
    ['profiles/own.yaml:1:1 source: missing; expected text'],
  ],
  [
    'an empty source',
    upsText,
    'source: a document',
    "source: ''",
    ['profiles/own.yaml:4:9 source: must not be empty, found ""'],
  ],
  [
    'a gap that is too large',
    upsText,
    'signals:',
    'gap_max: 200\nsignals:',
    ['profiles/own.yaml:5:10 gap_max: must be at most 120, found 200'],
  ],
  [
    'a device that gives no registers',
    upsText,
    'signals:',
    'registers_max: 0\nsignals:',
    ['profiles/own.yaml:5:16 registers_max: must be at least 1, found 0'],
  ],
  [
    'more bits than Modbus carries',
    upsText,
    'signals:',
    'bits_max: 5000\nsignals:',
    ['profiles/own.yaml:5:11 bits_max: must be at most 2000, found 5000'],
  ],
  [
    'a signal name with capitals',
    upsText,
    '  charge_pct:',
    '  Charge-Pct:',
    [
      'profiles/own.yaml:9:15 signals.Charge-Pct: the key "Charge-Pct" is wrong; expected a name in small letters, digits and "_" that begins with a letter',
    ],
  ],
  [
    'a type that does not exist',
    upsText,
    "at: 'hr:2', type: uint16",
    "at: 'hr:2', type: uint61",
    [
      'profiles/own.yaml:9:35 signals.charge_pct.type: expected bool, bit, bits, int16, uint16, int32, uint32, int64, uint64, float32, float64, bcd16, bcd32, string or words, found "uint61"; did you mean "uint16"?',
    ],
  ],
  [
    'a word type at an input',
    upsText,
    "at: 'hr:2', type: uint16",
    "at: 'di:2', type: uint16",
    [
      'profiles/own.yaml:9:35 signals.charge_pct.type: di holds single bits; expected bool, found "uint16"',
    ],
  ],
  [
    'a coil type at a register',
    upsText,
    "at: 'hr:3.0', type: bit",
    "at: 'hr:3', type: bool",
    [
      'profiles/own.yaml:10:36 signals.battery_low.type: hr holds words; expected bit with an address such as hr:110.0',
    ],
  ],
  [
    'a value that reaches past the last register',
    upsText,
    "at: 'hr:2', type: uint16",
    "at: 'hr:65535', type: uint32",
    ['profiles/own.yaml:9:21 signals.charge_pct.at: reaches to hr:65536; the last is 65535'],
  ],
  [
    'a text without its length',
    upsText,
    "at: 'hr:2', type: uint16",
    "at: 'hr:2', type: string",
    [
      'profiles/own.yaml:9:15 signals.charge_pct.words: the types words and string need the key words, and no other type has it',
    ],
  ],
  [
    'a length for a number',
    upsText,
    "at: 'hr:2', type: uint16",
    "at: 'hr:2', type: uint16, words: 2",
    [
      'profiles/own.yaml:9:50 signals.charge_pct.words: the types words and string need the key words, and no other type has it',
    ],
  ],
  [
    'a text that is longer than one answer',
    upsText,
    'signals:',
    "registers_max: 8\nsignals:\n  model: { at: 'hr:10', type: string, words: 9 }",
    [
      'profiles/own.yaml:7:16 signals.model.at: takes 9 words, and registers_max lets the device give 8 in one answer',
    ],
  ],
  [
    'a BCD number in a node',
    upsText,
    "at: 'hr:2', type: uint16",
    "at: 'ns=2;s=X', type: bcd16",
    [
      'profiles/own.yaml:9:39 signals.charge_pct.type: bcd16 exists in registers only; take a whole number',
    ],
  ],
  [
    'a word type for a NUT variable',
    upsText,
    "at: 'hr:2', type: uint16",
    "at: 'nut:battery.charge', type: uint16",
    [
      'profiles/own.yaml:9:49 signals.charge_pct.type: expected bool, float64 or string, found "uint16"',
    ],
  ],
  [
    'a number type for a word of a NUT variable',
    upsText,
    "at: 'hr:2', type: uint16",
    "at: 'nut:ups.status/LB', type: float64",
    [
      'profiles/own.yaml:9:48 signals.charge_pct.type: a word of a variable (nut:ups.status/OB) is bool, and only that',
    ],
  ],
  [
    'a bool without a word of the variable',
    upsText,
    "at: 'hr:2', type: uint16",
    "at: 'nut:ups.status', type: bool",
    [
      'profiles/own.yaml:9:45 signals.charge_pct.type: a word of a variable (nut:ups.status/OB) is bool, and only that',
    ],
  ],
  [
    'a NUT variable without a name',
    upsText,
    "at: 'hr:2', type: uint16",
    "at: 'nut:', type: float64",
    [
      'profiles/own.yaml:9:21 signals.charge_pct.at: expected a variable such as nut:battery.charge, found "nut:"',
    ],
  ],
  [
    'an SNMP object by its name',
    upsText,
    "at: 'hr:2', type: uint16",
    "at: 'oid:upsCharge', type: float64",
    [
      'profiles/own.yaml:9:21 signals.charge_pct.at: expected a numeric object such as oid:1.3.6.1.2.1.33.1.2.4.0, found "oid:upsCharge"',
    ],
  ],
  [
    'a scaled bit',
    upsText,
    "at: 'hr:3.0', type: bit",
    "at: 'hr:3.0', type: bit, scale: 2",
    ['profiles/own.yaml:10:50 signals.battery_low.scale: bit cannot be scaled'],
  ],
  [
    'a scale of zero',
    upsText,
    "at: 'hr:2', type: uint16",
    "at: 'hr:2', type: uint16, scale: 0",
    ['profiles/own.yaml:9:50 signals.charge_pct.scale: must not be 0, found 0'],
  ],
  [
    'names for a scaled number',
    upsText,
    "at: 'hr:2', type: uint16",
    "at: 'hr:2', type: uint16, scale: 2, names: { 1: a }",
    [
      'profiles/own.yaml:9:60 signals.charge_pct.names: only whole numbers without scale and offset can have names',
    ],
  ],
  [
    'a name for a negative number',
    upsText,
    '{ 1: normal, 2: eco }',
    '{ -1: normal, 2: eco }',
    [
      'profiles/own.yaml:8:50 signals.mode.names.-1: the key "-1" is wrong; expected a raw number from 0 to 65535',
    ],
  ],
  [
    'a marker that the type can never hold',
    upsText,
    'unknown_when: [65535]',
    'unknown_when: [65536]',
    ['profiles/own.yaml:6:52 signals.online.unknown_when: 65536 never stands in bit'],
  ],
]

describe('A profile with a wrong key or type', () => {
  refusesProfiles(table)
})

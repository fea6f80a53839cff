// Addresses that a person may get wrong in a device profile: registers, bits and OPC UA nodes.

import { type BadProfile, refusesProfiles, unitText, upsText } from './profile-text.ts'

const table: readonly BadProfile[] = [
  [
    'an area that does not exist',
    upsText,
    "'hr:2'",
    "'xr:2'",
    [
      'profiles/own.yaml:9:21 signals.charge_pct.at: unknown area "xr"; expected hr (holding registers), ir (input registers), co (coils) or di (discrete inputs)',
    ],
  ],
  [
    'a register past the last one',
    upsText,
    "'hr:2'",
    "'hr:65536'",
    [
      'profiles/own.yaml:9:21 signals.charge_pct.at: address 65536 is out of range; expected 0 to 65535',
    ],
  ],
  [
    'a bit past the sixteenth',
    upsText,
    "'hr:0.2'",
    "'hr:0.16'",
    ['profiles/own.yaml:7:21 signals.on_battery.at: bit 16 is out of range; expected 0 to 15'],
  ],
  [
    'a bit without its number',
    upsText,
    "'hr:0.2'",
    "'hr:0'",
    ['profiles/own.yaml:7:21 signals.on_battery.at: a bit needs its number; expected hr:0.0 or so'],
  ],
  [
    'a field of bits that runs backwards',
    unitText,
    'hr:1000.0-1',
    'hr:1000.1-0',
    [
      'profiles/own.yaml:6:25 signals.role.at.modbus: bits 1-0 run backwards; expected the lowest bit first: 0-1',
    ],
  ],
  [
    'a field of bits without its bits',
    unitText,
    'hr:1000.0-1',
    'hr:1000.0',
    [
      'profiles/own.yaml:6:25 signals.role.at.modbus: bits need a field; expected hr:1000.0-1 or so',
    ],
  ],
  [
    'the same in an OPC UA node',
    unitText,
    'STATE#0-1',
    'STATE',
    [
      'profiles/own.yaml:6:47 signals.role.at.opcua: bits need a field; expected ns=2;s=STATE#0-1 or so',
    ],
  ],
  [
    'a node that is none',
    unitText,
    'ns=2;s=STATE#0-1',
    's2=STATE',
    [
      'profiles/own.yaml:6:47 signals.role.at.opcua: expected a node such as ns=2;s=LEVEL.SP, found "s2=STATE"',
    ],
  ],
  [
    'a bit past the sixty-fourth of a node',
    unitText,
    'STATE#0-1',
    'STATE#60-64',
    ['profiles/own.yaml:6:47 signals.role.at.opcua: bit 64 is out of range; expected 0 to 63'],
  ],
  [
    'a signal without an address',
    unitText,
    "{ modbus: 'hr:1000.0-1', opcua: 'ns=2;s=STATE#0-1' }",
    '{}',
    ['profiles/own.yaml:6:15 signals.role.at: no address; expected modbus, opcua or both'],
  ],
  [
    'a protocol that does not exist',
    unitText,
    "opcua: 'ns=2",
    "opc: 'ns=2",
    ['profiles/own.yaml:6:40 signals.role.at.opc: unknown key "opc"; expected modbus or opcua'],
  ],
]

describe('A profile with a wrong address', () => {
  refusesProfiles(table)
})

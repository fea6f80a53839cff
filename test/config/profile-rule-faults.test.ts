// Things in a device profile that are right in themselves and wrong together: the words that the decisions know, rules that never
// come true, and command blocks.

import { type BadProfile, refusesProfiles, unitText, upsText } from './profile-text.ts'

const words: readonly BadProfile[] = [
  [
    'a battery-low signal that is a word',
    upsText,
    "at: 'hr:3.0', type: bit",
    "at: 'hr:3', type: uint16, names: { 1: low }",
    [
      'profiles/own.yaml:10:36 signals.battery_low.type: expected a bit, or a number that is 1 when the condition holds',
    ],
  ],
  [
    'a name that is read and derived',
    upsText,
    '  charge_pct:',
    '  state:',
    [
      'profiles/own.yaml:9:10 signals.state: "state" is derived as well; a name belongs to one of them',
    ],
  ],
  [
    'a UPS without a state',
    upsText,
    '  state:\n',
    '  stat:\n',
    ['profiles/own.yaml:6:3 signals.state: missing; a ups needs it'],
  ],
  [
    'a derived state that nobody knows',
    upsText,
    'is: on mains',
    'is: on main',
    [
      'profiles/own.yaml:14:51 derive.state[1].is: expected on mains, on battery, bypass or off, found "on main"',
    ],
  ],
  [
    'a read state that nobody knows',
    upsText,
    "  charge_pct: { at: 'hr:2', type: uint16 }\n  battery_low: { at: 'hr:3.0', type: bit }\nderive:\n  state:",
    "  state: { at: 'hr:2', type: uint16, names: { 1: on mains, 2: batt } }\nderive:\n  other:",
    [
      'profiles/own.yaml:9:45 signals.state.names: expected only the words on mains, on battery, bypass, off',
    ],
  ],
  [
    'a unit without a role',
    unitText,
    '  role: { at: { modbus',
    '  rol: { at: { modbus',
    [
      'profiles/own.yaml:6:3 signals.status: missing; a unit needs it, or the signal role',
      'profiles/own.yaml:11:23 derive.running[0].when.role: there is no signal "role" above this rule; did you mean "rol"?',
    ],
  ],
  [
    'a role that nobody knows',
    unitText,
    '2: standby',
    '2: backup',
    [
      'profiles/own.yaml:6:88 signals.role.names: expected only the words primary, standby, none, unknown',
    ],
  ],
  [
    'an identity that is neither A nor B',
    unitText,
    '2: B',
    '2: C',
    ['profiles/own.yaml:7:51 signals.identity.names: expected only the words A, B'],
  ],
  [
    'a reason that is a number',
    unitText,
    "at: 'hr:1002.0', type: bit",
    "at: 'hr:1002', type: uint16",
    [
      'profiles/own.yaml:8:46 signals.inhibit_link_error.type: expected bit or bool, found "uint16"',
    ],
  ],
  [
    'a derived reason that is a word',
    unitText,
    'derive:\n',
    "derive:\n  inhibit_x: [{ when: { role: primary }, is: 'yes' }]\n",
    ['profiles/own.yaml:10:46 derive.inhibit_x[0].is: expected true or false, found "yes"'],
  ],
  [
    'a derived battery-low that is a word',
    upsText,
    "  charge_pct: { at: 'hr:2', type: uint16 }\n  battery_low: { at: 'hr:3.0', type: bit }\nderive:\n",
    "derive:\n  battery_low: [{ when: { online: true }, is: 'no' }]\n",
    ['profiles/own.yaml:10:47 derive.battery_low[0].is: expected true or false, found "no"'],
  ],
  [
    'a status block of another length',
    unitText,
    '  identity:',
    "  status: { at: 'hr:2000', type: words, words: 20 }\n  identity:",
    ['profiles/own.yaml:7:34 signals.status.type: expected words, 22 of them'],
  ],
]

const rules: readonly BadProfile[] = [
  [
    'a rule on a signal that does not exist',
    upsText,
    '{ on_battery: true }',
    '{ on_batery: true }',
    [
      'profiles/own.yaml:13:28 derive.state[0].when.on_batery: there is no signal "on_batery" above this rule; did you mean "on_battery"?',
    ],
  ],
  [
    'a rule on a value that is derived below it',
    upsText,
    'derive:\n',
    'derive:\n  early: [{ when: { state: on mains }, is: true }]\n',
    [
      'profiles/own.yaml:12:28 derive.early[0].when.state: there is no signal "state" above this rule',
    ],
  ],
  [
    'a rule that a bit can never meet',
    upsText,
    '{ on_battery: true }',
    '{ on_battery: 1 }',
    [
      'profiles/own.yaml:13:29 derive.state[0].when.on_battery: "on_battery" is true or false, so it never equals 1',
    ],
  ],
  [
    'a rule that a named value can never meet',
    upsText,
    'mode: normal }',
    'mode: norml }',
    [
      'profiles/own.yaml:14:37 derive.state[1].when.mode: "mode" is normal or eco, so it never equals "norml"',
    ],
  ],
  [
    'a rule that a number can never meet',
    upsText,
    '{ on_battery: true }',
    '{ charge_pct: full }',
    [
      'profiles/own.yaml:13:29 derive.state[0].when.charge_pct: "charge_pct" is a number, so it never equals "full"',
    ],
  ],
  [
    'a rule that a text can never meet',
    upsText,
    'derive:\n',
    "  model: { at: 'hr:9', type: string, words: 2 }\nderive:\n  big: [{ when: { model: 3 }, is: true }]\n",
    ['profiles/own.yaml:13:26 derive.big[0].when.model: "model" is text, so it never equals 3'],
  ],
  [
    'a rule that a derived value can never meet',
    upsText,
    'derive:\n  state:',
    'derive:\n  a: [{ when: { online: true }, is: yes }, { when: { online: false }, is: no }]\n  b: [{ when: { a: maybe }, is: true }]\n  state:',
    ['profiles/own.yaml:13:20 derive.b[0].when.a: "a" is yes or no, so it never equals "maybe"'],
  ],
  [
    'a derived value without rules',
    upsText,
    '    - { when: { on_battery: true }, is: on battery }\n    - { when: { online: true, mode: normal }, is: on mains }\n',
    '    []\n',
    ['profiles/own.yaml:13:5 derive.state: must have at least 1 entries, found 0'],
  ],
  [
    'a state that follows from nothing',
    upsText,
    '{ on_battery: true }',
    '{}',
    [
      'profiles/own.yaml:13:15 derive.state[0].when: would make it "on battery" whatever was read; expected at least one signal',
    ],
  ],
  [
    'rules that are never reached',
    unitText,
    '{ role: primary }',
    '{}',
    [
      'profiles/own.yaml:11:15 derive.running[0].when: a rule without conditions always applies, so those below it never do; put it last',
    ],
  ],
]

const commands: readonly BadProfile[] = [
  [
    'a command block on a UPS',
    upsText,
    'signals:',
    'command_at: hr:1100\nsignals:',
    ['profiles/own.yaml:5:1 command_at: a UPS is never written'],
  ],
  [
    'a command block in input registers',
    unitText,
    'signals:',
    'command_at: ir:1100\nsignals:',
    ['profiles/own.yaml:5:13 command_at: expected a holding register with 18 words of room'],
  ],
  [
    'a command block past the last register',
    unitText,
    'signals:',
    'command_at: hr:65519\nsignals:',
    ['profiles/own.yaml:5:13 command_at: expected a holding register with 18 words of room'],
  ],
  [
    'a command block at a bit',
    unitText,
    'signals:',
    "command_at: { modbus: 'hr:1.2' }\nsignals:",
    ['profiles/own.yaml:5:23 command_at.modbus: expected a holding register with 18 words of room'],
  ],
  [
    'a command block at an address that is none',
    unitText,
    'signals:',
    "command_at: { modbus: 'h1100' }\nsignals:",
    ['profiles/own.yaml:5:23 command_at.modbus: expected an address such as hr:100, found "h1100"'],
  ],
  [
    'a command block without an address',
    unitText,
    'signals:',
    'command_at: {}\nsignals:',
    ['profiles/own.yaml:5:13 command_at: no address; expected modbus, opcua or both'],
  ],
  [
    'a command block without the node that commits it',
    unitText,
    'signals:',
    "command_at: { opcua: { block: 'ns=2;s=C' } }\nsignals:",
    ['profiles/own.yaml:5:22 command_at.opcua.commit: missing; expected text'],
  ],
  [
    'a command block in a node that is none',
    unitText,
    'signals:',
    "command_at: { opcua: { block: 'C', commit: 'ns=2;s=D' } }\nsignals:",
    [
      'profiles/own.yaml:5:31 command_at.opcua.block: expected a node such as ns=2;s=LEVEL.SP, found "C"',
    ],
  ],
  [
    'a command block in a bit of a node',
    unitText,
    'signals:',
    "command_at: { opcua: { block: 'ns=2;s=C#1', commit: 'ns=2;s=D' } }\nsignals:",
    ['profiles/own.yaml:5:31 command_at.opcua.block: a whole node is written: ns=2;s=C'],
  ],
  [
    'a command block that commits itself',
    unitText,
    'signals:',
    "command_at: { opcua: { block: 'ns=2;s=D', commit: 'ns=2;s=D' } }\nsignals:",
    [
      'profiles/own.yaml:5:51 command_at.opcua.commit: the block and the word that commits it are two nodes',
    ],
  ],
]

describe('A profile whose words nobody knows', () => {
  refusesProfiles(words)
})

describe('A profile with rules that never come true', () => {
  refusesProfiles(rules)
})

describe('A profile with a command block that cannot be written', () => {
  refusesProfiles(commands)
})

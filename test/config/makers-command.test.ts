// A maker's switchover command: what a profile may declare, what a plant file may ask for, and the frames that come of it.

import assert from 'node:assert/strict'
import type { ModbusPath } from '../../src/core/plant.ts'
import { loadText, soundText } from './plant-text.ts'
import { type BadProfile, refusesProfiles, unitText, upsText } from './profile-text.ts'

const command = `commands:
  switchover:
    write_to: standby
    steps: [{ at: 'hr:4000', value: 1, type: uint16, function: 6 }]
    when: { standby: { inhibit_link_error: false } }
    idempotence: relative
    fencing: none
`
const withCommand = unitText.replace('signals:', `${command}signals:`)
const steps = "[{ at: 'hr:4000', value: 1, type: uint16, function: 6 }]"

/** A row with other steps; the line and column of the fault inside them follow from the place of the steps. */
const step = (what: string, text: string, fault: string): BadProfile => [
  `a step ${what}`,
  withCommand,
  steps,
  `[${text}]`,
  [`profiles/own.yaml:8:${fault}`],
]

const frames: readonly BadProfile[] = [
  step(
    'in input registers',
    "{ at: 'ir:4000', value: 1, type: uint16 }",
    '19 commands.switchover.steps[0].at: ir cannot be written; expected a holding register or a coil',
  ),
  step(
    'at a single bit',
    "{ at: 'hr:60.1', value: 1, type: uint16 }",
    '19 commands.switchover.steps[0].at: a single bit cannot be written without the other bits of its register: hr:60.1',
  ),
  step(
    'at an address that is none',
    "{ at: '44001', value: 1, type: uint16 }",
    '19 commands.switchover.steps[0].at: expected an address such as hr:100, found "44001"',
  ),
  step(
    'past the last register',
    "{ at: 'hr:65535', value: 1, type: uint32 }",
    '19 commands.switchover.steps[0].at: reaches to hr:65536; the last is 65535',
  ),
  step(
    'with a value that does not fit',
    "{ at: 'hr:4000', value: 65536, type: uint16 }",
    '37 commands.switchover.steps[0].value: expected a whole number from 0 to 65535, found 65536',
  ),
  step(
    'with a value for B that does not fit',
    "{ at: 'hr:4000', value: { A: 1, B: -1 }, type: uint16 }",
    '48 commands.switchover.steps[0].value.B: expected a whole number from 0 to 65535, found -1',
  ),
  step(
    'with true for a register',
    "{ at: 'hr:4000', value: true, type: uint16 }",
    '37 commands.switchover.steps[0].value: expected a whole number from 0 to 65535, found true',
  ),
  step(
    'with a word for a value',
    "{ at: 'hr:4000', value: swap, type: uint16 }",
    '37 commands.switchover.steps[0].value: expected a number, true or false, or { A: ..., B: ... }, found "swap"',
  ),
  step(
    'with a number for a coil',
    "{ at: 'co:7', value: 1, type: bool }",
    '34 commands.switchover.steps[0].value: expected true or false, found 1',
  ),
  step(
    'with a coil as a number',
    "{ at: 'co:7', value: 1, type: uint16 }",
    '43 commands.switchover.steps[0].type: co holds single bits; expected bool, found "uint16"',
  ),
  step(
    'with a register as a coil',
    "{ at: 'hr:7', value: true, type: bool }",
    '46 commands.switchover.steps[0].type: hr holds words; expected uint16, int16, uint32 or int32',
  ),
  step(
    'with function 6 for two registers',
    "{ at: 'hr:7', value: 1, type: uint32, function: 6 }",
    '61 commands.switchover.steps[0].function: function 6 writes one register; uint32 needs 16',
  ),
  step(
    'with function 5 for a register',
    "{ at: 'hr:7', value: 1, type: uint16, function: 5 }",
    '61 commands.switchover.steps[0].function: function 5 writes coils; use 6 or 16',
  ),
  step(
    'with function 22',
    "{ at: 'hr:7', value: 1, type: uint16, function: 22 }",
    '61 commands.switchover.steps[0].function: expected 5, 6 or 16, found 22',
  ),
  step(
    'that nothing is read after',
    `{ at: 'hr:7', value: 1, type: uint16 }, { at: 'hr:8', value: 1, type: uint16 }`,
    '13 commands.switchover.steps[0].read_back: missing; before the next step something must be read that shows this one',
  ),
  step(
    'with a read-back of what is not there',
    `{ at: 'hr:7', value: 1, type: uint16, read_back: { identty: A } }`,
    '73 commands.switchover.steps[0].read_back.identty: there is no signal "identty"; did you mean "identity"?',
  ),
]

const whole: readonly BadProfile[] = [
  [
    'a command of a UPS',
    upsText,
    'signals:',
    `${command.replace('    when: { standby: { inhibit_link_error: false } }\n', '')}signals:`,
    ['profiles/own.yaml:5:1 commands: a UPS is never written'],
  ],
  [
    'a command besides our block',
    withCommand,
    'signals:',
    'command_at: hr:1100\nsignals:',
    [
      'profiles/own.yaml:5:1 commands: a unit is commanded in one way: by the block at command_at, or by these commands',
    ],
  ],
  [
    'a precondition that never comes true',
    withCommand,
    'inhibit_link_error: false }',
    "inhibit_link_error: 'no' }",
    [
      'profiles/own.yaml:9:44 commands.switchover.when.standby.inhibit_link_error: "inhibit_link_error" is true or false, so it never equals "no"',
    ],
  ],
  [
    'a fence that a maker cannot have',
    withCommand,
    'fencing: none',
    'fencing: block',
    ['profiles/own.yaml:11:14 commands.switchover.fencing: expected none, found "block"'],
  ],
  [
    'a class that nobody knows',
    withCommand,
    'idempotence: relative',
    'idempotence: relativ',
    [
      'profiles/own.yaml:10:18 commands.switchover.idempotence: expected absolute, relative or pulse, found "relativ"; did you mean "relative"?',
    ],
  ],
  [
    'a pulse that never falls back',
    withCommand,
    'idempotence: relative',
    'idempotence: pulse',
    [
      'profiles/own.yaml:7:5 commands.switchover.reset: missing; a pulse falls back by itself or is written back',
    ],
  ],
  [
    'a swap that falls back',
    withCommand,
    'fencing: none',
    'fencing: none\n    reset: itself',
    [
      'profiles/own.yaml:12:12 commands.switchover.reset: only a pulse falls back; this one is relative',
    ],
  ],
  [
    'a reset that does not fit',
    withCommand,
    'idempotence: relative',
    'idempotence: pulse\n    reset: { value: -1 }',
    [
      'profiles/own.yaml:11:21 commands.switchover.reset.value: expected a whole number from 0 to 65535, found -1',
    ],
  ],
  [
    'a failover that writes to the lost unit',
    withCommand,
    'write_to: standby',
    'write_to: primary\n    assisted: { proof: { inhibit_link_error: true } }',
    [
      'profiles/own.yaml:8:15 commands.switchover.assisted: the primary is lost then and cannot be written',
    ],
  ],
  [
    'a failover that nothing proves',
    withCommand,
    'fencing: none',
    'fencing: none\n    assisted: { proof: {} }',
    [
      'profiles/own.yaml:12:24 commands.switchover.assisted.proof: expected at least one signal that proves the lost unit inactive',
    ],
  ],
  [
    'a key that no command has',
    withCommand,
    'write_to: standby',
    'write_too: standby',
    [
      'profiles/own.yaml:7:5 commands.switchover.write_too: unknown key "write_too"; did you mean "write_to"?',
    ],
  ],
]

describe("A maker's command whose frames cannot be written", () => {
  refusesProfiles(frames)
})

describe("A maker's command that contradicts itself", () => {
  refusesProfiles(whole)
})

/** The sound plant with a pair that is switched by its maker's command. */
const supervised = soundText
  .replace('profile: bumpless-block', 'profile: own')
  .replaceAll(/ {8}number: \d+\n/g, '')
const profiles = (text = withCommand) => ({ 'profiles/own.yaml': text })

describe("A plant file with a maker's command", () => {
  it('is only watched until it asks for more: the profile was never tried on hardware', async () => {
    const { result } = await loadText(supervised.replace('    mode: supervise\n', ''), profiles())
    assert.ok(result.ok)
    assert.equal(result.plant.pairs[0]?.mode, 'observe')
    assert.equal(result.plant.devices['intake.A']?.mayWrite, false)
  })

  it('asks for a second person by itself, and says which gates stay unknown', async () => {
    const { result, lines } = await loadText(supervised, profiles())
    assert.ok(result.ok, lines.join('\n'))
    assert.equal(result.plant.pairs[0]?.policy.secondPerson, true)
    assert.equal(result.plant.devices['intake.A']?.mayWrite, true)
    assert.deepEqual(lines, [
      'plant.yaml:4:14 pairs[0].profile: "own" has no signal "heartbeat": the gate "heartbeat moving" stays unknown and the pair is never ready',
    ])
  })

  it('does without a second person only for a reason', async () => {
    const refused = await loadText(
      supervised.replace('confirm_s: 60', 'second_person: false'),
      profiles(),
    )
    assert.deepEqual(refused.lines, [
      "plant.yaml:21:30 pairs[0].policy.second_person: nothing fences the maker's command, so a second person approves it; to do without one, say why in accept_unfenced",
    ])
    const accepted = await loadText(
      supervised.replace(
        'confirm_s: 60',
        'second_person: false, accept_unfenced: one operator at night',
      ),
      profiles(),
    )
    assert.ok(accepted.result.ok)
    const [pair] = accepted.result.plant.pairs
    assert.equal(pair?.policy.secondPerson, false)
    assert.equal(pair?.vendor?.acceptUnfenced, 'one operator at night')
  })

  it('is refused what belongs to our block alone', async () => {
    const serial = await loadText(
      supervised.replace('tcp://10.1.0.11:502', 'rtu+tcp://10.1.0.11:502'),
      profiles(),
    )
    assert.deepEqual(serial.lines, [
      'plant.yaml:11:27 pairs[0].units.A.paths[0].modbus: function 6 is acknowledged by its own repetition, which an echo on a serial line looks like: use function 16 in the profile, or Modbus TCP',
    ])
    const misplaced = await loadText(
      soundText.replace('confirm_s: 60', 'accept_unfenced: nobody fences it'),
    )
    assert.deepEqual(misplaced.lines, [
      'plant.yaml:23:32 pairs[0].policy.accept_unfenced: the profile "bumpless-block" has no command of its maker; remove this key',
    ])
  })

  it('gives each unit the frames of its own case, and the other one none of them', async () => {
    const absolute = withCommand
      .replace('write_to: standby', 'write_to: target')
      .replace(steps, "[{ at: 'hr:4000', value: { A: 1, B: 2 }, type: uint16 }]")
      .replace('idempotence: relative', 'idempotence: absolute')
    const { result, lines } = await loadText(supervised, profiles(absolute))
    assert.ok(result.ok, lines.join('\n'))
    const declared = (unit: string) => {
      const path = result.plant.devices[`intake.${unit}`]?.paths[0] as ModbusPath
      return path.declared
    }
    assert.deepEqual(declared('A'), [{ functionCode: 16, address: 4000, words: [1] }])
    assert.deepEqual(declared('B'), [{ functionCode: 16, address: 4000, words: [2] }])
    assert.deepEqual(result.plant.pairs[0]?.vendor?.steps[0]?.text, {
      A: '1 to hr:4000',
      B: '2 to hr:4000',
    })
  })

  it('takes a pulse back with a write behind the one that moves the roles', async () => {
    const pulse = withCommand
      .replace('write_to: standby', 'write_to: primary')
      .replace('idempotence: relative', 'idempotence: pulse\n    reset: { value: 0 }')
    const { result, lines } = await loadText(supervised, profiles(pulse))
    assert.ok(result.ok, lines.join('\n'))
    const path = result.plant.devices['intake.A']?.paths[0] as ModbusPath
    assert.deepEqual(path.declared, [
      { functionCode: 6, address: 4000, words: [1] },
      { functionCode: 6, address: 4000, words: [0] },
    ])
    assert.deepEqual(
      result.plant.pairs[0]?.vendor?.steps.map(({ moves }) => moves),
      [true, true],
    )
  })
})

// The catalogue of what can be broken, with each fault's parameters and what it does. A fault is
// data here; the part of the plant that it breaks looks it up. `/faults/catalogue`, the page and
// the error messages are made from this table.
import { choice, type FaultKind, flag, number, register } from './fault-kinds.ts'
import { LINK_FAULTS } from './link-faults.ts'
import { MAKER_FAULTS } from './maker-faults.ts'
import { UPS_FAULTS } from './ups-faults.ts'
import { OPCODE, RESULT, ROLE } from './wire.ts'

const refusals = Object.fromEntries(
  Object.entries(RESULT).filter(([, code]) => code >= RESULT.WRONG_UNIT),
)

const UNIT_FAULTS = {
  crash: {
    on: 'unit',
    about:
      'Port closed, connections reset, outputs dropped. Clearing it boots the unit as standby.',
    parameters: {},
  },
  freeze_heartbeat: {
    on: 'unit',
    about: 'The heartbeat in the status stands still; everything else goes on.',
    parameters: {},
  },
  stop_scan: {
    on: 'unit',
    about: 'The program stands still: old status, blocks not judged, outputs hold.',
    parameters: {},
  },
  lying_role: {
    on: 'unit',
    about: 'The status shows `role` (primary, standby, none, unknown) whatever the truth is.',
    parameters: { role: choice('standby', ROLE) },
  },
  role_flap: {
    on: 'unit',
    about: 'The role in the status changes to and fro `hz` times a second; the true one stays.',
    parameters: { hz: number(1, 0.01, 50) },
  },
  stuck_registers: {
    on: 'unit',
    about: 'The registers `from` to `to` are answered with the values that they have now.',
    parameters: { from: register(100), to: register(112) },
  },
  zeroed_registers: {
    on: 'unit',
    about: 'The registers `from` to `to` are answered as 0; a command standing there is wiped.',
    parameters: { from: register(0), to: register(65535) },
  },
  swapped_address: {
    on: 'unit',
    about: "The status shows the peer's block unit number; blocks are judged by the unit's own.",
    parameters: {},
  },
  stuck_tracking: {
    on: 'unit',
    about:
      'As standby it copies no valve and integral any more; its own go `offset` percent away, and ' +
      '`per_s` percent further each second.',
    parameters: { offset: number(15, -100, 100), per_s: number(0, -10, 10) },
  },
  refuses_command: {
    on: 'unit',
    about:
      'Blocks that would be accepted get the result `code`; only those of `opcode` if not `any`.',
    parameters: {
      code: choice('INTERLOCK', refusals),
      opcode: choice('any', { any: 0, ...OPCODE }),
    },
  },
  acks_not_act: {
    on: 'unit',
    about: 'OPERATE becomes EXECUTING, the role never changes, EXECUTE_TIMEOUT follows.',
    parameters: {},
  },
  acts_late: {
    on: 'unit',
    about: 'OPERATE becomes EXECUTING and EXECUTE_TIMEOUT; the role changes `ms` after that.',
    parameters: { ms: number(500, 1, 600_000) },
  },
  acts_without_ack: {
    on: 'unit',
    about: 'OPERATE changes the role; accepted, opcode, result and judged stay as they were.',
    parameters: {},
  },
  autonomous_failover: {
    on: 'unit',
    about: 'The unit goes active by itself, its peer standby. Once; clearing it changes nothing.',
    parameters: {},
  },
  wrong_program: {
    on: 'unit',
    about: 'The program checksum is another one.',
    parameters: {},
  },
  wrong_firmware: { on: 'unit', about: 'The firmware is another one.', parameters: {} },
  wrong_configuration: {
    on: 'unit',
    about: 'The configuration checksum is another one.',
    parameters: {},
  },
  overload: {
    on: 'unit',
    about: 'The unit reports a controller load of `pct` percent.',
    parameters: { pct: number(97, 0, 100) },
  },
  forced_io: { on: 'unit', about: 'An input or output is forced.', parameters: {} },
  no_io: {
    on: 'unit',
    about: 'The unit has lost its inputs and outputs: it drives nothing, though its role stays.',
    parameters: {},
  },
  peer_contact_stuck: {
    on: 'unit',
    about: "The unit's peer contact says not active = `value` whatever the truth is.",
    parameters: { value: flag(true) },
  },
  peer_contact_missing: {
    on: 'unit',
    about: 'No peer contact is wired: the fitted bit is off and not active reads `value`.',
    parameters: { value: flag(false) },
  },
  isolated: {
    on: 'unit',
    about: "Hardware cuts the unit's outputs off, and its peer reads that. The role stays.",
    parameters: {},
  },
  interlock_lost: {
    on: 'unit',
    about: "The site's hard-wired permissive is gone.",
    parameters: {},
  },
  retained_lost: {
    on: 'unit',
    about: 'The retained memory is empty at every start from now on: the unit comes up locked.',
    parameters: {},
  },
  both_primary: {
    on: 'pair',
    about: 'The inactive unit goes active too, each scan with `hold`. Clearing it undoes that.',
    parameters: { hold: flag(false) },
  },
  none_primary: {
    on: 'pair',
    about: 'Both units go standby, each scan with `hold`. Clearing it undoes that.',
    parameters: { hold: flag(false) },
  },
  link_down: {
    on: 'pair',
    about: 'The redundancy link is cut: the standby copies nothing any more.',
    parameters: {},
  },
} as const satisfies Readonly<Record<string, FaultKind>>

export const CATALOGUE = { ...UNIT_FAULTS, ...MAKER_FAULTS, ...LINK_FAULTS, ...UPS_FAULTS }

export type FaultName = keyof typeof CATALOGUE

type Value<P> = P extends { readonly initial: infer T }
  ? T
  : P extends { readonly kind: 'optional'; readonly choices: infer C }
    ? keyof C | undefined
    : never
export type FaultParameters<N extends FaultName> = {
  readonly [K in keyof (typeof CATALOGUE)[N]['parameters']]: Value<
    (typeof CATALOGUE)[N]['parameters'][K]
  >
}

/** The faults that break one unit, pair or UPS now, each with its parameters. */
export type ArmedFaults = { readonly [N in FaultName]?: FaultParameters<N> }

/** True for a name of the catalogue. */
export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(CATALOGUE, name)
}

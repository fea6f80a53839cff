// The faults that only make a unit show something else: what it shows when healthy and when broken.
import type { Hand } from './by-hand.ts'

export type ShownFault = {
  readonly fault: string
  readonly says: string
  readonly read: (hand: Hand) => Promise<number | boolean>
  readonly healthy: number | boolean
  readonly broken: number | boolean
  readonly parameters?: object
}

/** For unit A of the pair intake: primary, with B as its standby. */
export const SHOWN_FAULTS: readonly ShownFault[] = [
  {
    fault: 'forced_io',
    says: 'shows forced I/O',
    read: condition(0x0200),
    healthy: false,
    broken: true,
  },
  {
    fault: 'no_io',
    says: 'shows that it does not see its I/O',
    read: condition(0x0400),
    healthy: true,
    broken: false,
  },
  {
    fault: 'interlock_lost',
    says: 'shows that the permissive is gone',
    read: condition(0x0020),
    healthy: true,
    broken: false,
  },
  {
    fault: 'peer_contact_stuck',
    says: 'shows a dead peer that is not active',
    read: condition(0x0040),
    healthy: true,
    broken: false,
    parameters: { value: false },
  },
  {
    fault: 'peer_contact_missing',
    says: 'shows that no peer contact is fitted',
    read: condition(0x1000),
    healthy: true,
    broken: false,
  },
  {
    fault: 'swapped_address',
    says: "shows its peer's block unit number",
    read: async (hand) => (await hand.status()).unit,
    healthy: 11,
    broken: 12,
  },
  {
    fault: 'lying_role',
    says: 'shows a role that is not its own',
    read: async (hand) => (await hand.status()).role,
    healthy: 1,
    broken: 3,
    parameters: { role: 'none' },
  },
  {
    fault: 'wrong_program',
    says: 'shows another program checksum',
    read: information(1023),
    healthy: 0x91e5,
    broken: 0x91e6,
  },
  {
    fault: 'wrong_firmware',
    says: 'shows another firmware',
    read: information(1025),
    healthy: 0x0207,
    broken: 0x0109,
  },
  {
    fault: 'wrong_configuration',
    says: 'shows another configuration checksum',
    read: information(1027),
    healthy: 0xb2c4,
    broken: 0xb2c5,
  },
  {
    fault: 'overload',
    says: 'shows its load',
    read: information(1029),
    healthy: 312,
    broken: 970,
  },
]

function condition(mask: number) {
  return async (hand: Hand) => {
    return ((await hand.status()).conditions & mask) !== 0
  }
}

function information(register: number) {
  return async (hand: Hand) => (await hand.terminal.read(register, 1))[0] ?? 0
}

// What can be wrong with a maker's switchover command. Each bites at the unit to which the command is written; a unit with our
// command block has no such command.
import { type FaultKind, number } from './fault-kinds.ts'

export const MAKER_FAULTS = {
  maker_ignores: {
    on: 'unit',
    about: "The maker's command is acknowledged and nothing comes of it.",
    parameters: {},
  },
  maker_refuses: {
    on: 'unit',
    about: "The maker's command is answered with exception 2, and nothing comes of it.",
    parameters: {},
  },
  maker_late: {
    on: 'unit',
    about: "The maker's command is carried out `ms` late.",
    parameters: { ms: number(8000, 0, 600_000) },
  },
  maker_twice: {
    on: 'unit',
    about: "The maker's command is carried out again after `ms`, as when a gateway repeats it.",
    parameters: { ms: number(1000, 0, 60_000) },
  },
} as const satisfies Readonly<Record<string, FaultKind>>

// The switchover command of a maker's own redundancy in a device profile: every key, its range, its default and what it means.

import { z } from 'zod'
import { decoding } from './schema.ts'

const plain = z.union([z.number(), z.string(), z.boolean()])
const conditions = z.record(z.string(), plain)
const written = z.union([z.number(), z.boolean()], { error: 'expected a number, or true or false' })

const stepSchema = z.strictObject({
  at: z.string().describe('Holding register `hr:4000` or coil `co:7` that is written.'),
  value: z
    .union([written, z.strictObject({ A: written, B: written })], {
      error: 'expected a number, true or false, or { A: ..., B: ... }',
    })
    .describe('What is written; `{ A: 1, B: 2 }` where it names the unit that shall be primary.'),
  type: z
    .enum(['bool', 'uint16', 'int16', 'uint32', 'int32'])
    .describe('How the value is stored; bool for a coil.'),
  word_order: decoding.word_order,
  function: z
    .union([z.literal(5), z.literal(6), z.literal(16)], { error: 'expected 5, 6 or 16' })
    .optional()
    .describe('Modbus function. Default: 5 for a coil, 16 for registers.'),
  read_back: conditions
    .default({})
    .describe('Signals of the written unit that must have these values before the next step.'),
})

const byRole = z
  .strictObject({ primary: conditions.default({}), standby: conditions.default({}) })
  .prefault({})
const byPart = z
  .strictObject({ target: conditions.default({}), peer: conditions.default({}) })
  .prefault({})

const switchoverSchema = z.strictObject({
  write_to: z
    .enum(['primary', 'standby', 'target'])
    .describe('The unit that is written: by its role before, or the one that shall be primary.'),
  steps: z.array(stepSchema).min(1).max(6).describe('What is written, one after the other.'),
  when: byRole.describe("The maker's preconditions, by the role of the unit that shows them."),
  verify: byPart.describe('What must be read at the end, besides the roles.'),
  settle_ms: z
    .int()
    .min(0)
    .max(60_000)
    .default(1000)
    .describe('Time to come to rest after the roles have moved.'),
  time_limit_ms: z
    .int()
    .min(500)
    .max(60_000)
    .default(10_000)
    .describe('By then each step shows its effect, or its outcome is unknown.'),
  idempotence: z
    .enum(['absolute', 'relative', 'pulse'])
    .describe('absolute names the new primary; relative swaps; pulse swaps at a rising edge.'),
  fencing: z
    .literal('none')
    .describe('What keeps a second commander out: nothing. Only our command block can.'),
  reset: z
    .union([z.literal('itself'), z.strictObject({ value: written })], {
      error: 'expected itself, or { value: 0 }',
    })
    .optional()
    .describe('How a pulse falls back: by itself, or by writing this once the roles have moved.'),
  assisted: z
    .strictObject({ proof: conditions })
    .optional()
    .describe(
      'Signals of the target that prove a lost primary inactive; without it: planned only.',
    ),
})

/** The commands of a maker; a switchover is the only one. */
export const commandsSchema = z.strictObject({ switchover: switchoverSchema })

export type VendorEntry = z.output<typeof switchoverSchema>
export type VendorStepEntry = VendorEntry['steps'][number]

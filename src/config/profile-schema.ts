// A device profile: every key, its range, its default and what it means, once.

import { z } from 'zod'
import { commandsSchema } from './command-schema.ts'
import { dataTypes, decoding } from './schema.ts'

const addressText = z.string()
const signalName = z.string().regex(/^[a-z][a-z0-9_]*$/, {
  error: 'a name in small letters, digits and "_" that begins with a letter',
})

const signalSchema = z.strictObject({
  at: z
    .union(
      [
        addressText,
        z.strictObject({ modbus: addressText.optional(), opcua: addressText.optional() }),
      ],
      { error: 'expected an address such as hr:1000' },
    )
    .describe(
      'Address: `hr:1000`, `ir:7`, `co:3`, `hr:1000.0`, `hr:61.0-1`; `ns=2;s=X`; `nut:ups.status/OB`; `oid:1.3.6.1...`.',
    ),
  type: z.enum([...dataTypes, 'words']).describe('How the value is stored.'),
  words: z
    .int()
    .min(1)
    .max(125)
    .optional()
    .describe('Number of words, for the types words and string.'),
  ...decoding,
})

const plain = z.union([z.number(), z.string(), z.boolean()])
const deriveSchema = z
  .array(z.strictObject({ when: z.record(z.string(), plain), is: plain }))
  .min(1)
  .describe(
    'Rules from the top: the first one whose signals all have these values gives the result.',
  )

export const profileSchema = z.strictObject({
  name: z.string().describe('As the plant file names it; the file is called NAME.yaml.'),
  kind: z.enum(['unit', 'ups']).describe('What the device is.'),
  title: z.string().optional().describe('Maker and type, for people.'),
  verified: z.boolean().describe('Tried on real hardware of this type.'),
  source: z
    .string()
    .regex(/\S/, { error: 'must not be empty' })
    .describe('Where the addresses come from.'),
  notes: z
    .array(z.string())
    .default([])
    .describe('What a person must know before using the profile; `probe` prints it.'),
  gap_max: z
    .int()
    .min(0)
    .max(120)
    .default(0)
    .describe('Unused registers that may be read along to save a request; 0 forbids it.'),
  registers_max: z
    .int()
    .min(1)
    .max(125)
    .default(125)
    .describe('Most registers that the device gives in one answer.'),
  bits_max: z
    .int()
    .min(1)
    .max(2000)
    .default(2000)
    .describe('Most bits that the device gives in one answer.'),
  command_at: z
    .union([
      z.string(),
      z.strictObject({
        modbus: z.string().optional(),
        opcua: z.strictObject({ block: z.string(), commit: z.string() }).optional(),
      }),
    ])
    .optional()
    .describe('First register of the command block, or its two nodes.'),
  commands: commandsSchema
    .optional()
    .describe("The maker's own switchover command, for units without our command block."),
  signals: z.record(signalName, signalSchema),
  derive: z
    .record(signalName, deriveSchema)
    .default({})
    .describe('Values that follow from signals, such as a state from three bits.'),
})

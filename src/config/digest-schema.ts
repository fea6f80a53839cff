// The keys of a pair that ask for the digests of its data: how far the standby may lag, and what the words are called.

import { z } from 'zod'

const word = z.int().min(0).max(4095)

const rangeSchema = z.strictObject({
  name: z
    .string()
    .regex(/\S/, { error: 'must not be empty' })
    .max(60)
    .describe('What the words are, as people call it: "recipe".'),
  from: word.describe('First word, counted from 0.'),
  to: word.describe('Last word.'),
})

export const digestSchema = z.strictObject({
  lag_ms: z
    .int()
    .min(100)
    .max(600_000)
    .default(5000)
    .describe('Time by which the data of the standby may be older, and a digest may stand still.'),
  words_at: z
    .string()
    .optional()
    .describe('Register of word 0, such as `hr:2000`: tags that stand there are named.'),
  ranges: z
    .array(rangeSchema)
    .max(200)
    .default([])
    .describe('Names for parts of the data, told when a digest differs.'),
})

// The keys of a pair that say how samples of its two units are laid over each other, and how rare a false alarm must be.

import { z } from 'zod'

const milliseconds = z.int().min(0).max(60_000)

export const syncSchema = z.strictObject({
  lag_ms: z
    .tuple([milliseconds, milliseconds], {
      error: 'expected the shortest and the longest time, such as [0, 100]',
    })
    .refine(([least, most]) => least <= most, { error: 'the shorter time comes first' })
    .default([0, 100])
    .describe("Shortest and longest time by which the standby's values follow the primary's."),
  gateway_ms: milliseconds
    .default(0)
    .describe('Longest time for which a gateway may answer from its memory.'),
  false_alarm_years: z
    .number()
    .min(0.01)
    .max(10_000)
    .default(10)
    .describe('Years in which one tag of the pair may be called different by chance.'),
})

// The keys of a tag that say how it is judged around a switchover: whether its bump is measured and foretold, and where the process
// becomes unsafe when nobody controls it.

import { z } from 'zod'

const limits = z
  .strictObject({
    low: z.number().optional().describe('Lowest safe value.'),
    high: z.number().optional().describe('Highest safe value.'),
    rate_per_s: z
      .number()
      .positive()
      .optional()
      .describe(
        'Fastest change without control, per second, from the design of the process: a valve that closes by its spring, a pump ' +
          'that runs on. Without it the time budget is only an estimate, and the gate `budget` is not met.',
      ),
  })
  .optional()
  .describe('Where the value must stay. With it, the time budget without control is worked out.')

export const bumpKeys = {
  bump: z
    .boolean()
    .default(false)
    .describe(
      'A switchover is judged by this value: its bump is foretold before and reported after.',
    ),
  limits,
}

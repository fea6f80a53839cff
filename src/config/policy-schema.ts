// The keys that say who confirms a switchover and how, and what follows a failure.

import { z } from 'zod'

const whole = (lowest: number, highest: number): z.ZodInt => z.int().min(lowest).max(highest)

export const policySchema = z.strictObject({
  switchover: z.enum(['supervised']).default('supervised').describe('A person confirms each one.'),
  confirm_s: whole(10, 600).default(60).describe('Time to confirm a proposal.'),
  second_person: z
    .boolean()
    .optional()
    .describe(
      "A second person with another account must approve. Default: true for a maker's command, else false.",
    ),
  accept_unfenced: z
    .string()
    .regex(/\S/, { error: 'must not be empty' })
    .max(200)
    .optional()
    .describe("Why a maker's command, which nothing fences, does without a second person."),
  typed_name: z.boolean().default(true).describe("The operator types the pair's name."),
  reauthenticate: z.boolean().default(false).describe('The operator gives the password again.'),
  reason: z.enum(['required', 'optional']).default('required').describe('A reason in words.'),
  failback: z.enum(['hold']).default('hold').describe('Stay on the new primary until ordered.'),
  min_interval_s: whole(0, 86_400)
    .default(300)
    .describe('Shortest time between two switchovers of the pair.'),
  propose_again_s: whole(10, 3600)
    .default(120)
    .describe('An unanswered proposal is made again after this time.'),
  settle_s: whole(1, 60).default(2).describe('Time after the promotion before it counts as done.'),
  bump_s: whole(0, 600)
    .default(60)
    .describe('Longest time after a switchover for which its bump is measured on.'),
})

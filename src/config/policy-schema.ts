// The keys that say who confirms a switchover and how, what follows a failure, and in which hours of the week.

import { z } from 'zod'
import { weekdays } from '../core/policy/policy.ts'

const whole = (lowest: number, highest: number): z.ZodInt => z.int().min(lowest).max(highest)

export const policySchema = z.strictObject({
  switchover: z
    .enum(['supervised', 'automatic'])
    .default('supervised')
    .describe(
      'supervised: a person confirms each one. automatic: when a primary is lost and nobody has answered, the supervisor confirms.',
    ),
  automatic_after_s: whole(0, 300)
    .default(15)
    .describe('automatic: for so long the prompt stands open before the supervisor confirms it.'),
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
  failback: z
    .enum(['hold', 'operator', 'window', 'immediate'])
    .default('hold')
    .describe(
      'When a unit that failed has qualified again: hold: stay until ordered; operator: propose the way back; ' +
        'window: propose it inside a maintenance window; immediate: go back (only with switchover: automatic).',
    ),
  min_interval_s: whole(0, 86_400)
    .default(300)
    .describe('Shortest time between two switchovers of the pair.'),
  propose_again_s: whole(10, 3600)
    .default(120)
    .describe('An unanswered proposal is made again after this time.'),
  escalate_after: whole(1, 20)
    .default(3)
    .describe('So many unanswered proposals in a row raise an alarm of the highest priority.'),
  settle_s: whole(1, 60).default(2).describe('Time after the promotion before it counts as done.'),
  bump_s: whole(0, 600)
    .default(60)
    .describe('Longest time after a switchover for which its bump is measured on.'),
})

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, {
  error: "expected a time of day such as '02:00'",
})

export const windowSchema = z.strictObject({
  days: z
    .array(z.enum(weekdays))
    .min(1, { error: 'at least one day is needed' })
    .max(7)
    .describe('Days on which the window begins.'),
  from: clockTime.describe('Time of day at which it begins, on the clock of the zone.'),
  to: clockTime.describe('Time of day at which it ends; before `from`: on the next day.'),
  zone: z
    .string()
    .refine(isZone, { error: 'not a known time zone; expected a name such as Europe/Oslo or UTC' })
    .describe('Time zone, as the IANA names it.'),
})

/** A name that the program's own zone data know; fixed offsets such as +01:00 would miss every change of the clocks. */
function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

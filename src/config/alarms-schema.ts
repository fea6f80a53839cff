// The part of the plant file that is about alarms: who works on them, when a shift ends, where the runbooks are.

import { z } from 'zod'

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "expected a time of day such as '06:00'" })

const zone = z.string().refine(isZone, {
  error: 'expected a time zone as IANA names it, such as Europe/Oslo or UTC',
})

export const alarmsSchema = z.strictObject({
  operators: z
    .int()
    .min(1)
    .max(20)
    .default(1)
    .describe(
      'Persons who share the alarms; more than 10 alarms in 10 minutes for each are a flood.',
    ),
  shelved_per_person: z
    .int()
    .min(1)
    .max(100)
    .default(5)
    .describe('How many alarms one person may have on the shelf at a time.'),
  shifts: z
    .array(timeOfDay)
    .max(12)
    .default([])
    .describe(
      'When a shift begins, by the clock of `zone`. Without any, nothing can be shelved until the shift ends.',
    ),
  zone: zone.default('UTC').describe('Time zone of `shifts`.'),
  runbooks_url: z
    .string()
    .regex(/^(https?:\/\/\S+|\/\S*)$/, {
      error: 'expected an address such as https://wiki.example/runbooks/',
    })
    .max(500)
    .optional()
    .describe(
      'Where the runbooks are read, in front of `KEY.md`. Default: the folder `docs/runbooks` of this program.',
    ),
})

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

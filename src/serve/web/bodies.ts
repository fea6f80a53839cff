// What each request has to carry, and one error that lists every fault by field and by what was expected. Values are never
// repeated in an error, because some of them are passwords.

import { z } from 'zod'
import { unitIds } from '../../core/plant.ts'

/** Text of one line: no control characters, which could paint over a terminal that shows it. */
const line = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^\P{Cc}*$/u, 'expected text without control characters')
const name = line(100).min(1)
const reason = line(500)
const neededReason = reason.min(1)
const secret = z.string().min(1).max(1_000)
const unit = z.enum(unitIds)

export const loginBody = z.strictObject({
  user: name,
  password: secret,
  cookie: z.boolean().default(false),
  desk: z.boolean().default(false),
})
export const unlockBody = z.strictObject({ password: secret })
export const setUpBody = z.strictObject({ token: secret, user: name, password: secret })
export const prepareBody = z.strictObject({
  pair: name,
  to: unit,
  reason: reason.default(''),
  dryRun: z.boolean().default(false),
  overrides: z.array(name).max(32).default([]),
})
export const confirmBody = z.strictObject({
  evidenceHash: name,
  typedName: line(100).exactOptional(),
  reason: reason.exactOptional(),
  password: secret.exactOptional(),
  approver: z.strictObject({ user: name, password: secret }).exactOptional(),
})
export const reasonBody = z.strictObject({ reason: reason.default('') }).prefault({})
export const emptyBody = z.strictObject({}).prefault({})
export const lockoutBody = z.strictObject({ on: z.boolean(), reason: neededReason })
export const qualifiedBody = z.strictObject({ reason: neededReason })
export const resolveBody = z.strictObject({
  way: z.enum(['retry', 'restore', 'adopt', 'resume']),
  reason: neededReason,
  attest: line(500).min(1).exactOptional(),
})
/** For at most one shift, until the running one ends, or `once`: until the alarm clears; 0 takes an alarm off the shelf. */
export const shelveBody = z.strictObject({
  minutes: z.union([z.int().min(0).max(480), z.enum(['shift', 'once'])], {
    error: 'expected 0 to 480 minutes, shift, or once',
  }),
  reason: neededReason,
})
/** `seen`: the number up to which the person has read the journal. */
export const handoverBody = z.strictObject({ seen: z.int().min(0), note: reason.default('') })
export const alarmServiceBody = z.strictObject({ on: z.boolean(), reason: reason.default('') })
export const neededCommentBody = z.strictObject({ comment: neededReason })
export const commentBody = z.strictObject({ comment: reason.default('') }).prefault({})

const flag = z.enum(['true', 'false']).transform((word) => word === 'true')
/** Which alarms are listed; without a word those that ask for something. `all` adds the rest. */
export const alarmsQuery = z.strictObject({
  state: z
    .enum(['unacknowledged', 'acknowledged', 'returned', 'shelved', 'suppressed', 'out of service'])
    .exactOptional(),
  priority: z.coerce.number().int().min(1).max(4).exactOptional(),
  pair: name.exactOptional(),
  all: flag.default(false),
})
export const journalQuery = z.strictObject({
  after: z.coerce.number().int().min(0).exactOptional(),
  before: z.coerce.number().int().min(1).exactOptional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  pair: name.exactOptional(),
})
/** One variable or several, by the names in their NodeIds; the last 10 s to 32 days. */
export const historyQuery = z.strictObject({
  series: z.union([line(300).transform((one) => [one]), z.array(line(300)).max(8)]),
  spanMs: z.coerce
    .number()
    .int()
    .min(10_000)
    .max(32 * 86_400_000),
})
export const unitParameter = unit

export type Checked<T> =
  | { readonly fault?: undefined; readonly value: T }
  | { readonly fault: string }

/** The value as the schema wants it, or one line that lists every fault of `what`. */
export function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): Checked<T> {
  const result = schema.safeParse(value)
  if (result.success) return { value: result.data }
  const faults = result.error.issues.map((issue) => {
    const field = issue.path.length === 0 ? what : issue.path.map(String).join('.')
    return `${field}: ${plain(issue)}`
  })
  return { fault: faults.join('; ') }
}

// zod's own words, without what it says about the value that was found.
function plain(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `unknown field ${issue.keys.map((key) => key.slice(0, 40)).join(', ')}`
    case 'invalid_type':
      return `expected ${issue.expected}`
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}`
    case 'too_big':
      return `expected at most ${issue.maximum}${unitsOf(issue.origin)}`
    case 'too_small':
      return `expected at least ${issue.minimum}${unitsOf(issue.origin)}`
    default:
      return issue.message
  }
}

const unitsOf = (origin: string): string =>
  origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : ''

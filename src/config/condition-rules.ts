// A condition on a signal, in a derived value or before a maker's command: a signal that does not exist, or a value that it never
// has, would silently never come true.

import type { z } from 'zod'
import { nearest, oneOf } from './faults.ts'
import type { profileSchema } from './profile-schema.ts'

type Profile = z.output<typeof profileSchema>

/** What is wrong with `name: value` as a condition; `where` tells which signals there are: "above this rule". */
export function whenWrong(
  name: string,
  value: number | string | boolean,
  sources: readonly string[],
  { signals, derive }: Pick<Profile, 'signals' | 'derive'>,
  where = ' above this rule',
): string | undefined {
  if (!sources.includes(name)) {
    const meant = nearest(name, sources)
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
    return `there is no signal "${name}"${where}${hint}`
  }
  const found = JSON.stringify(value)
  const never = (what: string): string => `"${name}" is ${what}, so it never equals ${found}`
  const signal = signals[name]
  if (signal === undefined) {
    const results = [...new Set((derive[name] ?? []).map((rule) => rule.is))]
    return results.includes(value) ? undefined : never(oneOf(results.map(String)))
  }
  if (signal.type === 'bit' || signal.type === 'bool') {
    return typeof value === 'boolean' ? undefined : never('true or false')
  }
  if (signal.names !== undefined) {
    const words = Object.values(signal.names)
    return words.some((word) => word === value) ? undefined : never(oneOf([...new Set(words)]))
  }
  if (signal.type === 'string') return typeof value === 'string' ? undefined : never('text')
  return typeof value === 'number' ? undefined : never('a number')
}

// Rules on tags that are marked `bump` or have limits: only a value that moves can jump or run away, and its limits must make sense.

import { type Finding, field, type Tree, textOf } from './tree.ts'

const movingClasses = ['analog', 'analog-own-sensor', 'integrator']

/** Faults and doubts of the tags of one pair. */
export const bumpRules = (tags: readonly Tree[]): readonly Finding[] =>
  tags.flatMap((tag) => [...bumpWrong(tag), ...limitsWrong(tag)])

function bumpWrong(tag: Tree): readonly Finding[] {
  const bump = field(tag, 'bump')
  const kind = textOf(field(tag, 'class'))
  if (bump.value !== true || kind === undefined) return []
  if (!movingClasses.includes(kind)) return [{ at: bump, message: movesNot(kind) }]
  const tolerance = field(tag, 'tolerance').value
  if (typeof tolerance === 'number' && tolerance > 0) return []
  return [{ at: bump, message: 'a tag with "bump" needs a tolerance: beyond it a bump counts' }]
}

function limitsWrong(tag: Tree): readonly Finding[] {
  const limits = field(tag, 'limits')
  if (typeof limits.value !== 'object' || limits.value === null) return []
  const kind = textOf(field(tag, 'class'))
  if (kind !== undefined && !movingClasses.includes(kind))
    return [{ at: limits, message: movesNot(kind) }]
  const low = field(limits, 'low').value
  const high = field(limits, 'high').value
  if (low === undefined && high === undefined)
    return [{ at: limits, message: 'give the low limit, the high limit or both' }]
  if (typeof low === 'number' && typeof high === 'number' && low >= high)
    return [{ at: limits, message: `the low limit (${low}) must lie below the high one (${high})` }]
  if (field(limits, 'rate_per_s').value !== undefined) return []
  const message =
    'without "rate_per_s" nobody knows how fast the value runs away without control: the time budget is only an estimate, ' +
    'and a planned switchover needs an override of the gate "budget"'
  return [{ at: limits, message, warning: true }]
}

const movesNot = (kind: string): string =>
  `a tag of the class ${kind} does not move; expected one of ${movingClasses.join(', ')}`

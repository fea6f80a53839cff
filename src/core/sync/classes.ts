// How each class of tag is compared, as data. docs/sync.md explains the rules to control engineers.

import type { Pair } from '../plant.ts'
import type { Tag, TagClass } from '../tag.ts'

/**
 * `exact`: one difference counts at once. `set`: the standby's value is one that the primary had. `tube`: it lies within the
 * primary's way. `bias`: two sensors of their own, so only the usual difference between them is watched. `none`: never compared.
 */
export type Comparison = 'exact' | 'set' | 'tube' | 'bias' | 'none'

export type ClassRule = {
  readonly compare: Comparison
  /** Share of mismatches that is taken for normal before anything was learned, with and without a tolerance in the plant file. */
  readonly startRate: { readonly withTolerance: number; readonly without: number }
}

const stepping = { withTolerance: 0.0003, without: 0.0003 }
/** Without a tolerance nobody has said what is normal: a fifth of the samples may lie outside until it is learned. */
const moving = { withTolerance: 0.02, without: 0.2 }

const classRules: Readonly<Record<TagClass, ClassRule>> = {
  identity: { compare: 'exact', startRate: stepping },
  discrete: { compare: 'set', startRate: stepping },
  enum: { compare: 'set', startRate: stepping },
  setpoint: { compare: 'set', startRate: stepping },
  analog: { compare: 'tube', startRate: moving },
  'analog-own-sensor': { compare: 'bias', startRate: moving },
  integrator: { compare: 'tube', startRate: moving },
  counter: { compare: 'tube', startRate: moving },
  timestamp: { compare: 'tube', startRate: moving },
  volatile: { compare: 'none', startRate: stepping },
}

/** One tag with everything that its comparison needs, made once at the start. */
export type TagRule = {
  readonly name: string
  readonly key: string
  readonly compare: Comparison
  readonly critical: boolean
  readonly tolerance: number
  /** Two steps of the smallest difference that the tag can show; a slow ramp shifts the mean by half a step. */
  readonly floor: number
  /** A counter starts again at this value; 0: never. */
  readonly wrapsAt: number
  readonly startRate: number
  /** Two values that are both possible tell nothing, when there are only two. */
  readonly binary: boolean
  /** What it adds up in ten minutes counts too. */
  readonly integrates: boolean
  /** A clock: an alarm of its own, and no part of the verdict on the pair. */
  readonly clock: boolean
}

export const tagRules = (pair: Pair): readonly TagRule[] => pair.tags.map(tagRule)

function tagRule(tag: Tag): TagRule {
  const { compare, startRate } = classRules[tag.class]
  const { step = 0, wrapsAt = 2 ** 32 } = tag
  return {
    name: tag.name,
    key: `tag:${tag.name}`,
    compare,
    critical: tag.critical,
    tolerance: tag.tolerance,
    floor: 2 * step,
    wrapsAt: tag.class === 'counter' ? wrapsAt : 0,
    startRate: tag.tolerance > 0 ? startRate.withTolerance : startRate.without,
    binary: tag.class === 'discrete',
    integrates: tag.class === 'integrator',
    clock: tag.class === 'timestamp',
  }
}

/** What was learned counts only for a tag that is still compared in the same way. */
export const ruleText = (rule: TagRule, scanMs: number): string =>
  [rule.compare, rule.tolerance, rule.floor, rule.wrapsAt, scanMs].join(' ')

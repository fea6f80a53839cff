// The time budget: how long the process stays within its limits when nobody controls it from now on. Under control a process hides how
// fast it can run away, so the promise rests on the rate that the plant file gives by design; a faster one that was seen counts
// instead. What was seen alone gives an estimate and no promise.

import { isUnknown } from '../image.ts'
import type { UnitPair } from '../pair.ts'
import { type Pair, unitIds } from '../plant.ts'
import { seconds } from '../presence.ts'
import type { Tag, TagLimits } from '../tag.ts'
import type { BumpMemory } from './bump-memory.ts'
import type { Budget, TagBudget } from './bump-view.ts'
import { withUnits } from './report-text.ts'
import { figure } from './tag-run.ts'

/** The budget of the pair as it is read now. Without tags that have limits it is empty; `text` says so. */
export function budgetOf(memory: BumpMemory, pair: Pair, units: UnitPair): Budget {
  const tags: TagBudget[] = []
  const missing: string[] = []
  for (const [place, { tag }] of memory.watched.entries()) {
    if (tag.limits === undefined) continue
    const seen = Math.max(0, ...(memory.tracks.tags[place]?.slopes ?? []).map(Math.abs))
    const found = tagBudget(tag, tag.limits, seen, readings(tag, pair, units))
    if (typeof found === 'string') missing.push(found)
    else tags.push(found)
  }
  const guessed = tags.filter(({ basis }) => basis === 'history').map(({ text }) => text)
  if (missing.length + guessed.length > 0)
    return { text: [...missing, ...guessed].join('; '), tags }
  const [first, ...others] = tags
  if (first === undefined) return { text: 'no tag has limits', tags }
  const shortest = others.reduce((least, one) => (one.ms < least.ms ? one : least), first)
  return { ms: shortest.ms, text: shortest.text, tags }
}

type Reading = { readonly value: number; readonly ageMs: number }

/** What each unit says of the tag, where it is fresh: two sensors may differ, and the one nearer to a limit counts. */
const readings = ({ name }: Tag, { gates }: Pair, units: UnitPair): readonly Reading[] =>
  unitIds.flatMap((unit) => {
    const { values, ageMs } = units[unit]
    const value = values[`tag:${name}`]
    if (ageMs === undefined || ageMs > gates.freshMs || isUnknown(value)) return []
    return typeof value === 'number' && Number.isFinite(value) ? [{ value, ageMs }] : []
  })

/** A sentence where the budget is not known at all. */
function tagBudget(
  tag: Tag,
  limits: TagLimits,
  seen: number,
  from: readonly Reading[],
): TagBudget | string {
  if (from.length === 0) return `${tag.name} is not known`
  const { low, high, ratePerS } = limits
  const basis = ratePerS === undefined ? 'history' : 'design'
  const rate = Math.max(seen, ratePerS ?? 0)
  if (rate === 0) return `how fast ${tag.name} moves is not known yet`
  const ways = from.flatMap(({ value, ageMs }) => [
    ...(high === undefined ? [] : [wayTo('high', high, high - value, rate, ageMs)]),
    ...(low === undefined ? [] : [wayTo('low', low, value - low, rate, ageMs)]),
  ])
  const [first, ...others] = ways
  if (first === undefined) return `${tag.name} has no limit`
  const { toward, limit, ms } = others.reduce(
    (least, one) => (one.ms < least.ms ? one : least),
    first,
  )
  const { name, units } = tag
  const where = `${name} ${basis === 'design' ? 'reaches' : 'would reach'} its ${toward} limit ${withUnits(limit, tag)}`
  const text =
    basis === 'design'
      ? `${where} in no less than ${seconds(floored(ms))}`
      : `${where} in about ${Math.round(ms / 1000)} s at the fastest rate seen under control; how fast it moves without control is not known`
  return { name, units, toward, limit, rate: figure(rate), basis, ms: floored(ms), text }
}

/** The age counts as time that has passed already: the value may have moved on as fast as it can. */
const wayTo = (
  toward: 'high' | 'low',
  limit: number,
  distance: number,
  rate: number,
  ageMs: number,
) => ({ toward, limit, ms: Math.max(0, (1000 * distance) / rate - ageMs) })

/** To a tenth of a second, never up: what is shown is what is promised. */
const floored = (ms: number): number => 100 * Math.floor(ms / 100)

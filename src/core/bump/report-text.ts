// The report of a bump in words: how long nobody was in control, and what each tag did.

import { seconds } from '../presence.ts'
import type { BumpReport, Gap, TagBump } from './bump-view.ts'

/** `without an active unit for 0.3 to 0.5 s; VALVE.OUT: step 0.12 %, excursion 0.3 %, never outside 1 %`. */
export const reportText = (
  gap: Gap | undefined,
  tags: readonly TagBump[],
  state: BumpReport['state'],
  waitedMs: number,
): string => [gapText(gap), ...tags.map((tag) => tagText(tag, state, waitedMs))].join('; ')

export function gapText(gap: Gap | undefined): string {
  if (gap === undefined) return 'how long there was no active unit is not known'
  const { leastMs, mostMs } = gap
  if (mostMs === undefined)
    return `without an active unit for ${seconds(leastMs)} at least; no read says when it ended`
  if (leastMs === 0) return `without an active unit for at most ${seconds(mostMs)}`
  return `without an active unit for ${seconds(leastMs)} to ${seconds(mostMs)}`
}

function tagText(tag: TagBump, state: BumpReport['state'], waitedMs: number): string {
  const { name, step, excursion } = tag
  if (excursion === undefined) return `${name}: not read`
  const steps = step === undefined ? '' : `step ${withUnits(step, tag)}, `
  return `${name}: ${steps}excursion ${withUnits(excursion, tag)}, ${settledText(tag, state, waitedMs)}`
}

function settledText(tag: TagBump, state: BumpReport['state'], waitedMs: number): string {
  const { outsideMs, settledMs } = tag
  const band = withUnits(tag.tolerance, tag)
  if (settledMs === 0) return `never outside ${band}`
  const outside = outsideMs === 0 ? '' : `outside ${band} for ${seconds(outsideMs)}, `
  if (settledMs !== undefined) return `${outside}settled after ${seconds(settledMs)}`
  if (state === 'measuring') return `${outside}still measured`
  if (outsideMs === 0) return `never outside ${band} in the ${seconds(waitedMs)} that were measured`
  return `${outside}not settled within ${seconds(waitedMs)}`
}

export const withUnits = (value: number, { units }: { readonly units: string }): string =>
  units === '' ? String(value) : `${value} ${units}`

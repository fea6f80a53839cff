// The plant as lines of text: what `status` prints and `watch` repaints. Pure. The words of states are adjectives
// and nouns; the words of commands are verbs; no word is both.

import { isAsking } from '../core/alarms/shown.ts'
import type { PairView, PathView, UnitView, UpsView, View } from '../core/view.ts'
import { fitnessLines } from './fitness-text.ts'
import type { Paint } from './paint.ts'
import { cut, durationText, table, wrap } from './table.ts'

export type Screen = { readonly width: number; readonly paint: Paint }

/** Every pair as a table with its sentence under it, then alarms and UPS units. */
export function statusLines(view: View, pairs: readonly PairView[], screen: Screen): string[] {
  const { width, paint } = screen
  const lines = [cut(titleOf(view), width)]
  lines.push('', ...pairTable(pairs, screen), '')
  for (const pair of pairs) lines.push(...sentenceLines(pair, screen))
  lines.push('', alarmLine(view, paint))
  for (const ups of view.ups) lines.push(...upsLines(ups, screen))
  if (view.supervisor.sentence !== '') lines.push(...wrap(view.supervisor.sentence, width))
  return lines
}

/** The table only, as it opens and closes a switchover. */
export function pairTable(pairs: readonly PairView[], screen: Screen): string[] {
  const rows = pairs.flatMap((pair) => [
    unitRow(pair, pair.units.A, true),
    unitRow(pair, pair.units.B, false),
  ])
  const heading = ['PAIR', 'UNIT', 'ROLE', 'SYNC', 'AGE', 'STATE']
  const lines = table(heading, rows, screen.width)
  return lines.map((line, index) => {
    if (index === 0) return screen.paint.strong(line)
    const pair = pairs[Math.floor((index - 1) / 2)]
    const unit = pair && (index % 2 === 1 ? pair.units.A : pair.units.B)
    if (pair && isBothOrNone(pair)) return screen.paint.alarm(line)
    return unit && unit.presence !== 'answering' ? screen.paint.warn(line) : line
  })
}

/** The sentence of the pair and what else holds it: lock-out, a stopped switchover, both or none active. */
export function sentenceLines(pair: PairView, screen: Screen): string[] {
  const { width, paint } = screen
  const lines: string[] = []
  if (isBothOrNone(pair)) {
    const what = pair.pairState === 'both primary' ? 'BOTH UNITS ACTIVE' : 'NO UNIT ACTIVE'
    lines.push(paint.alarm(`! ${pair.name}: ${what}`))
  }
  lines.push(...wrap(pair.sentence, width))
  if (pair.mode === 'observe') lines.push('  observed only: nothing is ever written')
  if (pair.lockout)
    lines.push(...wrap(`locked out by ${pair.lockout.by}: ${pair.lockout.reason}`, width, '  '))
  for (const unit of [pair.units.A, pair.units.B]) {
    if (!unit.outOfService) continue
    const { by, reason } = unit.outOfService
    lines.push(...wrap(`${unit.unit} out of service by ${by}: ${reason}`, width, '  '))
  }
  lines.push(...fitnessLines(pair, screen))
  if (pair.held) lines.push(...wrap(pair.held, width, '  held: ').map(paint.warn))
  if (pair.unknownOutcome)
    lines.push(...wrap(pair.unknownOutcome, width, '  unknown outcome: ').map(paint.warn))
  if (pair.stopped) lines.push(...stoppedLines(pair.stopped, pair.name, screen))
  if (pair.switchover?.phase === 'proposed')
    lines.push(
      `  ${pair.switchover.id} waits for an answer: bumpless confirm ${pair.switchover.id}`,
    )
  return lines
}

export const isBothOrNone = (pair: PairView): boolean =>
  pair.pairState === 'both primary' || pair.pairState === 'none primary'

/** The sentence without its numbers: it changes when something happened, not because time went by. */
export const sentenceKey = (pair: PairView): string => pair.sentence.replace(/\d+(\.\d+)?/g, '#')

function titleOf(view: View): string {
  const mode = view.mode === 'observe' ? '   OBSERVE ONLY' : ''
  return `${view.site}${mode}`
}

/** Conditions that an operator must see at a glance; the others are as they should be or stand in the gates. */
const unusualConditions = ['locked', 'selected', 'executing', 'forced']

function unitRow(pair: PairView, unit: UnitView, isFirst: boolean): string[] {
  const state = unit.outOfService ? `out of service, ${unit.presence}` : unit.presence
  // What a maker's redundancy says of itself is told only when something is not as it should be.
  const told = unit.epoch === undefined ? unit.conditions : []
  const unusual = [
    ...unit.conditions.filter((condition) => unusualConditions.includes(condition)),
    ...told,
    ...unit.paths.filter(isBroken).map(({ name, state: how }) => `${name} ${how}`),
  ]
  const detail = unit.presence === 'answering' ? unusual.join(', ') : unit.presenceText
  return [
    isFirst ? pair.name : '',
    unit.unit,
    unit.role,
    isFirst ? pair.sync.verdict : '',
    unit.ageMs === undefined ? '-' : durationText(unit.ageMs),
    detail === '' || detail === state ? state : `${state}; ${detail}`,
  ]
}

const isBroken = ({ state }: PathView): boolean => state === 'down' || state === 'refused'

/** Every way to both units: what it carries, how quick it is, how much is lost, and since when. */
export function pathLines(pair: PairView, { width, paint }: Screen): string[] {
  const paths = [pair.units.A, pair.units.B].flatMap(({ unit, paths: ways }) =>
    ways.map((path) => ({ unit, path })),
  )
  const rows = paths.map(({ unit, path }) => [
    `${unit} ${path.name}`,
    path.state,
    path.roundTripMs === undefined ? '-' : `${path.roundTripMs.toFixed(0)} ms`,
    `${path.lossPct} %`,
    durationText(path.sinceMs),
    path.detail === '' ? path.address : `${path.address} ${path.detail}`,
  ])
  const lines = table(['PATH', 'STATE', 'ANSWER', 'LOST', 'SINCE', 'ADDRESS'], rows, width)
  return lines.map((line, index) => {
    const one = paths[index - 1]
    return one !== undefined && isBroken(one.path) ? paint.warn(line) : line
  })
}

function stoppedLines(
  stopped: NonNullable<PairView['stopped']>,
  pair: string,
  { width, paint }: Screen,
): string[] {
  const lines = wrap(stopped.text, width, '  stopped: ').map(paint.warn)
  for (const way of stopped.ways)
    lines.push(`    way on: bumpless resolve ${pair} ${way} --reason TEXT`)
  return lines
}

function alarmLine(view: View, paint: Paint): string {
  const asking = view.alarms.filter((alarm) => isAsking(alarm))
  const shelved = (['shelved', 'out of service', 'suppressed'] as const)
    .map((state) => [view.alarms.filter((alarm) => alarm.state === state).length, state] as const)
    .flatMap(([count, state]) => (count === 0 ? [] : [`, ${count} ${state}`]))
    .join('')
  if (asking.length === 0) return `alarms: none${shelved}`
  const waiting = asking.filter((alarm) => alarm.state !== 'acknowledged').length
  const highest = Math.min(...asking.map((alarm) => alarm.priority))
  const text = `alarms: ${asking.length}, highest priority ${highest}, ${waiting} not acknowledged${shelved}`
  return waiting > 0 && highest === 1 ? paint.alarm(text) : paint.warn(text)
}

function upsLines(ups: UpsView, { width, paint }: Screen): string[] {
  const feeds = ups.feeds.length > 0 ? ` (feeds ${ups.feeds.join(', ')})` : ''
  const named = ups.sentence.startsWith(ups.name) ? '' : `${ups.name}: `
  const lines = wrap(`${named}${ups.sentence}${feeds}`, width)
  return ups.verdict === 'on mains' ? lines : lines.map(paint.warn)
}

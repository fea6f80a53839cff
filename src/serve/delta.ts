// What has to be sent so that a screen shows the newest view. A material change goes out at once, and so do the values of tags, alone;
// what else moves in every cycle (ages, texts with numbers in them) goes out once a second, so that an idle plant stays quiet.

import type { AlarmView } from '../core/alarms/shown.ts'
import type { PairView, ShiftView, UpsView, View } from '../core/view.ts'
import { type Patch, patched, patchOf } from './patch.ts'

/** The parts of the view that changed, each whole; `revision` is the published view they come from. */
export type Delta = {
  readonly revision: number
  readonly cycle: number
  readonly wallMs: number
  readonly pairs?: Readonly<Record<string, PairView>>
  /** Of pairs that are not sent whole: what moved by itself. */
  readonly moved?: Readonly<Record<string, Patch>>
  readonly ups?: readonly UpsView[]
  readonly alarms?: readonly AlarmView[]
  readonly alarmRates?: View['alarmRates']
  readonly supervisor?: View['supervisor']
  readonly shift?: ShiftView
}

export type Difference = 'none' | 'moved' | 'changed'

/** Moving values of an idle pair are refreshed at this period. */
const idleRefreshMs = 1_000
/** Moving values of a pair in a switchover (countdown, step times) are refreshed at this period. */
const busyRefreshMs = 250

/** Follows what was sent, so that each call of `next` yields what is new since the one before. */
export type DeltaTracker = {
  /** What the receivers show now: the first view with every delta applied. */
  shown(): View
  /** Undefined when nothing has to be sent yet. `nowMs` is a monotonic time, ms. */
  next(view: View, revision: number, nowMs: number): Delta | undefined
}

/** Starts from `first`, which the receivers have whole. */
export function trackDeltas(first: View, nowMs: number): DeltaTracker {
  let shown = first
  const sentMs = new Map<string, number>()
  const due = (part: string, before: unknown, after: unknown, periodMs: number, now: number) => {
    const difference = differenceOf(before, after)
    if (difference === 'none') return false
    const last = sentMs.get(part) ?? nowMs
    if (difference === 'moved' && now - last < periodMs) return false
    sentMs.set(part, now)
    return true
  }

  const next = (view: View, revision: number, now: number): Delta | undefined => {
    const pairs: Record<string, PairView> = {}
    const moved: Record<string, Patch> = {}
    const known = new Map(shown.pairs.map((pair) => [pair.name, pair]))
    for (const [index, pair] of view.pairs.entries()) {
      const before = known.get(pair.name)
      const difference = differenceOf(before, pair)
      if (difference === 'none') continue
      // Not all at once: each quarter of the pairs has its own quarter of the period.
      const first = nowMs - ((index % 4) * idleRefreshMs) / 4
      const isDue = now - (sentMs.get(pair.name) ?? first) >= periodOf(pair)
      if (difference === 'changed' || isDue) sentMs.set(pair.name, now)
      if (difference === 'changed') pairs[pair.name] = pair
      else {
        const patch = isDue ? patchOf(before, pair) : valuesPatch(before?.tags, pair.tags)
        if (patch !== undefined) moved[pair.name] = patch
      }
    }
    const parts = {
      ...(Object.keys(pairs).length > 0 && { pairs }),
      ...(Object.keys(moved).length > 0 && { moved }),
      ...(due('ups', shown.ups, view.ups, idleRefreshMs, now) && { ups: view.ups }),
      ...(due('alarms', shown.alarms, view.alarms, idleRefreshMs, now) && { alarms: view.alarms }),
      ...(due('rates', shown.alarmRates, view.alarmRates, idleRefreshMs, now) && {
        alarmRates: view.alarmRates,
      }),
      ...(due('supervisor', shown.supervisor, view.supervisor, idleRefreshMs, now) && {
        supervisor: view.supervisor,
      }),
      ...(view.shift &&
        due('shift', shown.shift, view.shift, idleRefreshMs, now) && { shift: view.shift }),
    }
    if (Object.keys(parts).length === 0) return undefined
    const delta: Delta = { revision, cycle: view.cycle, wallMs: view.wallMs, ...parts }
    shown = applyDelta(shown, delta)
    return delta
  }
  return { shown: () => shown, next }
}

/** The view that a screen shows after a delta. */
export function applyDelta(view: View, delta: Delta): View {
  return {
    ...view,
    cycle: delta.cycle,
    wallMs: delta.wallMs,
    pairs: view.pairs.map((pair) => {
      const whole = delta.pairs?.[pair.name]
      const patch = delta.moved?.[pair.name]
      return whole ?? (patch === undefined ? pair : patched(pair, patch))
    }),
    ups: delta.ups ?? view.ups,
    alarms: delta.alarms ?? view.alarms,
    alarmRates: delta.alarmRates ?? view.alarmRates,
    supervisor: delta.supervisor ?? view.supervisor,
    ...(delta.shift && { shift: delta.shift }),
  }
}

const periodOf = ({ phase }: PairView): number => (phase === 'idle' ? idleRefreshMs : busyRefreshMs)

/** What differs in the values of tags alone. */
function valuesPatch(
  before: PairView['tags'] | undefined,
  now: PairView['tags'],
): Patch | undefined {
  if (before === now || before === undefined) return undefined
  const tags: Record<string, Patch> = {}
  for (const [index, tag] of now.entries()) {
    const old = before[index]
    if (old === undefined || (old.a === tag.a && old.b === tag.b)) continue
    tags[index] = {
      ...(old.a !== tag.a && { a: [tag.a] as const }),
      ...(old.b !== tag.b && { b: [tag.b] as const }),
    }
  }
  return Object.keys(tags).length === 0 ? undefined : { tags }
}

/** `moved`: only values that move by themselves differ. */
export function differenceOf(before: unknown, after: unknown): Difference {
  if (Object.is(before, after)) return 'none'
  if (!isObject(before) || !isObject(after)) return 'changed'
  if (Array.isArray(before) !== Array.isArray(after)) return 'changed'
  let worst: Difference = 'none'
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const difference = differenceOf(before[key], after[key])
    if (difference === 'none') continue
    if (difference === 'changed' && !movingKeys.has(key)) return 'changed'
    worst = 'moved'
  }
  return worst
}

// Fields of the view that change without anything having happened in the plant.
const movingKeys: ReadonlySet<string> = new Set([
  ...[
    'perHour',
    'ageMs',
    'roundTripMs',
    'heartbeatAgeMs',
    'sinceMs',
    'expiresInMs',
    'tookMs',
    'cycleLateMs',
  ],
  ...['coveragePct', 'chargePct', 'loadPct', 'runtimeS', 'durable', 'a', 'b'],
  ...['sentence', 'presenceText', 'powerText', 'value', 'detail'],
])

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

// What has to be sent so that a screen shows the newest view. A material change goes out at once, and so do the values of tags, alone;
// what else moves in every cycle (ages, texts with numbers in them) goes out once a second, so that an idle plant stays quiet.

import type { AlarmView } from '../core/alarms/shown.ts'
import type { PairView, UpsView, View } from '../core/view.ts'

/** The parts of the view that changed, each whole; `revision` is the published view they come from. */
export type Delta = {
  readonly revision: number
  readonly cycle: number
  readonly wallMs: number
  readonly pairs?: Readonly<Record<string, PairView>>
  /** Values of tags that moved in pairs that are not sent whole: place in the list of tags, value of A, value of B. */
  readonly values?: Readonly<Record<string, readonly TagValues[]>>
  readonly ups?: readonly UpsView[]
  readonly alarms?: readonly AlarmView[]
  readonly alarmRates?: View['alarmRates']
  readonly supervisor?: View['supervisor']
}

type TagValues = readonly [tag: number, a: string, b: string]

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
    const values: Record<string, readonly TagValues[]> = {}
    const known = new Map(shown.pairs.map((pair) => [pair.name, pair]))
    for (const pair of view.pairs) {
      const before = known.get(pair.name)
      const periodMs = pair.phase === 'idle' ? idleRefreshMs : busyRefreshMs
      if (due(`pair ${pair.name}`, before, pair, periodMs, now)) pairs[pair.name] = pair
      else if (before !== undefined && before.tags !== pair.tags) {
        const moved = movedValues(before, pair)
        if (moved.length > 0) values[pair.name] = moved
      }
    }
    const parts = {
      ...(Object.keys(pairs).length > 0 && { pairs }),
      ...(Object.keys(values).length > 0 && { values }),
      ...(due('ups', shown.ups, view.ups, idleRefreshMs, now) && { ups: view.ups }),
      ...(due('alarms', shown.alarms, view.alarms, idleRefreshMs, now) && { alarms: view.alarms }),
      ...(due('rates', shown.alarmRates, view.alarmRates, idleRefreshMs, now) && {
        alarmRates: view.alarmRates,
      }),
      ...(due('supervisor', shown.supervisor, view.supervisor, idleRefreshMs, now) && {
        supervisor: view.supervisor,
      }),
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
    pairs: view.pairs.map(
      (pair) => delta.pairs?.[pair.name] ?? withValues(pair, delta.values?.[pair.name]),
    ),
    ups: delta.ups ?? view.ups,
    alarms: delta.alarms ?? view.alarms,
    alarmRates: delta.alarmRates ?? view.alarmRates,
    supervisor: delta.supervisor ?? view.supervisor,
  }
}

function movedValues(before: PairView, now: PairView): readonly TagValues[] {
  const moved: TagValues[] = []
  for (const [index, tag] of now.tags.entries()) {
    const old = before.tags[index]
    if (old !== undefined && (old.a !== tag.a || old.b !== tag.b)) {
      moved.push([index, tag.a, tag.b])
    }
  }
  return moved
}

function withValues(pair: PairView, values: readonly TagValues[] | undefined): PairView {
  if (values === undefined) return pair
  const tags = [...pair.tags]
  for (const [index, a, b] of values) {
    const tag = tags[index]
    if (tag !== undefined) tags[index] = { ...tag, a, b }
  }
  return { ...pair, tags }
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

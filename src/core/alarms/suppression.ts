// Judges suppression by design: which alarms a cause keeps quiet now, and when they speak again. The causes are found in
// causes.ts, what each one covers stands in suppressors.ts.

import type { Ledger } from '../ledger.ts'
import { type AlarmEntry, type AlarmKey, catalogue } from './alarm-catalogue.ts'
import type { Alarm, Condition, Suppression } from './alarm-memory.ts'
import { type SuppressorEntry, type SuppressorKey, suppressors } from './suppressors.ts'

/** A cause that stands in this cycle. It covers alarms of these sources, and of the paths of these units. */
export type Cause = {
  readonly key: SuppressorKey
  readonly covers: readonly string[]
  /** In words, with person and reason where there is one. */
  readonly text: string
}

/** What keeps this alarm quiet now; the first cause in the order of their stages. `stood`: people know it already. */
export function suppressionOf(
  { key, source }: Pick<Condition, 'key' | 'source'>,
  causes: readonly Cause[],
  stood: boolean,
): Suppression | undefined {
  const cause = causes.find(
    (one) =>
      covers(one, key, source) &&
      entryOf(one.key).keeps !== 'only' &&
      !(stood && entryOf(one.key).newOnly),
  )
  return cause && { cause: cause.key, by: cause.text }
}

const entryOf = (key: SuppressorKey): SuppressorEntry => suppressors[key]
const listOf = (key: SuppressorKey): readonly AlarmKey[] => entryOf(key).alarms

const covers = (cause: Cause, key: AlarmKey, source: string): boolean =>
  listOf(cause.key).includes(key) &&
  cause.covers.some((covered) => source === covered || source.startsWith(`${covered} `))

/** Whether an alarm stays although its condition is gone, because nothing is known of the condition. */
export const isKept = ({ key, source }: Alarm, causes: readonly Cause[]): boolean =>
  causes.some((one) => entryOf(one.key).keeps !== undefined && covers(one, key, source))

/**
 * The alarm as the causes of this cycle leave it, with `liftingMs` while a cause that is gone still counts. Going quiet and
 * speaking again are recorded; so is the raise of an alarm that came while it was suppressed.
 */
export function judgeSuppression(
  alarm: Alarm,
  causes: readonly Cause[],
  { liftingMs, isLeaving, nowMs }: { liftingMs?: number; isLeaving: boolean; nowMs: number },
  ledger: Ledger,
): { readonly alarm: Alarm; readonly liftingMs?: number } {
  const suppressed = suppressionOf(alarm, causes, !alarm.unannounced)
  const before = alarm.suppressed
  if (suppressed !== undefined) {
    if (before === undefined) recordQuiet(alarm, suppressed, ledger)
    return { alarm: sameWords(before, suppressed) ? alarm : { ...alarm, suppressed } }
  }
  // One that is about to clear does not speak up once more for its last seconds.
  if (before === undefined || isLeaving) return { alarm }
  const sinceMs = liftingMs ?? nowMs
  const lingersMs = isCritical(alarm) ? 0 : (entryOf(before.cause).lingersMs ?? 0)
  if (nowMs - sinceMs < lingersMs) return { alarm, liftingMs: sinceMs }
  return { alarm: released(alarm, ledger) }
}

const isCritical = ({ key }: Alarm): boolean => (catalogue[key] as AlarmEntry).priority === 1
const sameWords = (one: Suppression | undefined, other: Suppression): boolean =>
  one?.cause === other.cause && one.by === other.by

/** Tells the journal that an alarm is quiet. One that nobody saw before has no other record. */
export function recordQuiet(
  { id, key, source, pair, detail }: Alarm | (Condition & { readonly id: string }),
  { cause, by }: Suppression,
  ledger: Ledger,
): number {
  const words = `${source} ${catalogue[key].condition}${detail === '' ? '' : `: ${detail}`}`
  return ledger.record({
    kind: 'alarm',
    ...(pair && { pair }),
    text: `suppressed: ${words}, while ${by}`,
    data: { id, event: 'suppressed', cause, by },
  })
}

function released(alarm: Alarm, ledger: Ledger): Alarm {
  const { suppressed: _gone, unannounced, ...rest } = alarm
  const { id, key, source, pair, detail } = alarm
  const words = `${source} ${catalogue[key].condition}${detail === '' ? '' : `: ${detail}`}`
  const common = { kind: 'alarm', ...(pair && { pair }) } as const
  if (unannounced !== true) {
    const data = { id, event: 'unsuppressed' }
    const so = alarm.state === 'returned' ? ' (it has cleared meanwhile)' : ''
    ledger.record({ ...common, text: `no longer suppressed: ${words}${so}`, data })
    return rest
  }
  const { priority } = catalogue[key]
  const data = { id, event: 'raised', key, source, detail, priority }
  const seq = ledger.record({ ...common, text: `raised: ${words}`, data })
  return { ...rest, seq }
}

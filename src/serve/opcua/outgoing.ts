// What of the view goes to the thread of the OPC UA server, and when. One message is under way at most, and it is small: a slow
// server delays only itself, and what changed meanwhile is not kept but read from the newest view.

import type { PairView, View } from '../../core/view.ts'
import type { ToServer } from './messages.ts'

type ViewNews = Extract<ToServer, { kind: 'view' }>

export type Outgoing = {
  /** A newer view stands. */
  take(view: View): void
  /** What has to be sent now; undefined while a message is under way or nothing is due. `nowMs` is monotonic. */
  next(nowMs: number): ViewNews | undefined
  /** The message under way has arrived and was carried out. */
  arrived(): void
}

/** Values that move by themselves go out at this period; of a pair in a switchover, or with a new sample of its tags, more often. */
const movedMs = 500
const movedBusyMs = 200
/** The rest of the plant (UPS units, the supervisor) at this period, unless an alarm has changed. It also shows that cycles go on. */
const restMs = 500
/** Tags in one message, about: a pair with more goes by itself. Copying 500 takes the main thread about 2 ms. */
const tagsMax = 500

type Sent = { readonly pair: PairView; readonly atMs: number }

export function openOutgoing(): Outgoing {
  let view: View | undefined
  let underWay = false
  let restSent: { readonly view: View; readonly atMs: number } | undefined
  let turn = 0
  const sent = new Map<string, Sent>()

  const duePairs = ({ pairs }: View, nowMs: number): readonly PairView[] => {
    const urgent = pairs.filter((pair) => isUrgent(sent.get(pair.name)?.pair, pair))
    const chosen = new Set(urgent)
    let tags = urgent.reduce((sum, pair) => sum + pair.tags.length, 0)
    // From where the last message ended, so that every pair has its turn.
    for (let step = 0; step < pairs.length && tags < tagsMax; step += 1) {
      const pair = pairs[turn % pairs.length]
      if (pair === undefined) break
      if (!chosen.has(pair) && !isDue(sent.get(pair.name), pair, nowMs)) {
        turn += 1
        continue
      }
      turn += 1
      if (chosen.has(pair)) continue
      chosen.add(pair)
      tags += pair.tags.length
    }
    return [...chosen]
  }

  const next = (nowMs: number): ViewNews | undefined => {
    if (view === undefined || underWay) return undefined
    const pairs = duePairs(view, nowMs)
    const withRest = isRestDue(restSent, view, nowMs)
    if (pairs.length === 0 && !withRest) return undefined
    underWay = true
    for (const pair of pairs) sent.set(pair.name, { pair, atMs: nowMs })
    if (withRest) restSent = { view, atMs: nowMs }
    const { pairs: _all, ...rest } = view
    const { cycle, wallMs } = view
    return { kind: 'view', cycle, wallMs, pairs, ...(withRest && { rest }) }
  }

  return {
    take: (newest) => {
      view = newest
    },
    next,
    arrived: () => {
      underWay = false
    },
  }
}

function isDue(sent: Sent | undefined, pair: PairView, nowMs: number): boolean {
  if (sent === undefined) return true
  // The core keeps the list as it is until there is something new in it.
  const busy = pair.phase !== 'idle' || sent.pair.tags !== pair.tags
  return nowMs - sent.atMs >= (busy ? movedBusyMs : movedMs)
}

/** Something that an operator must see at once, told from the few fields that show it. */
function isUrgent(before: PairView | undefined, now: PairView): boolean {
  if (before === undefined || before === now) return false
  return keyOf(before) !== keyOf(now)
}

const keyOf = ({ phase, primary, pairState, sync, ready, units, ...pair }: PairView): string =>
  [
    ...[phase, primary, pairState, sync.verdict, ready, pair.lockout?.by, pair.held],
    ...[units.A.role, units.A.presence, units.B.role, units.B.presence],
    ...[
      pair.switchover?.id,
      pair.switchover?.evidence?.hash,
      pair.lastEnded.map(({ id }) => id).join(),
    ],
    ...[pair.obstacles.length, pair.stopped?.text, pair.unknownOutcome],
    ...[units.A.outOfService?.by, units.B.outOfService?.by],
  ].join('|')

function isRestDue(
  sent: { readonly view: View; readonly atMs: number } | undefined,
  now: View,
  nowMs: number,
): boolean {
  if (sent === undefined || nowMs - sent.atMs >= restMs) return true
  return alarmsKey(sent.view) !== alarmsKey(now)
}

const alarmsKey = ({ alarms }: View): string =>
  alarms
    .map(
      ({ id, state, raisedWallMs, shelved }) =>
        `${id} ${state} ${raisedWallMs} ${shelved?.untilWallMs}`,
    )
    .join('|')

// What the server shows now: keeps the newest of every part of the view, carries it into the nodes, and notices by its own clock when
// the supervisor has fallen silent.

import type { PairView, View } from '../../core/view.ts'
import type { Alarms } from './alarms.ts'
import type { Dialogs } from './dialogs.ts'
import type { Layout } from './layout.ts'
import type { LevelNodes } from './level-nodes.ts'
import type { ToServer } from './messages.ts'
import { serviceLevel } from './service-level.ts'
import { type Show, showPair, showRest } from './values.ts'

type News = Extract<ToServer, { kind: 'view' }>

export type Shown = {
  take(news: News): void
  /** From now on the service is stopping. */
  stop(): void
}

/** How often the silence of the supervisor is looked at, ms. */
const lookMs = 500

export type ShownParts = {
  readonly layout: Layout
  readonly show: Show
  /** Whether what is shown now is of a pair that is being switched over. */
  readonly busy: (busy: boolean) => void
  /** How the history stands, in words. */
  readonly history: () => string
  readonly level: LevelNodes
  readonly alarms: Alarms
  readonly dialogs: Dialogs
}

export function openShown(
  { layout, show, busy, history, level, alarms, dialogs }: ShownParts,
  nowMs: () => number = () => performance.now(),
): Shown {
  const layouts = new Map(layout.pairs.map((pair) => [pair.name, pair]))
  const pairs = new Map<string, PairView>()
  let rest: Omit<View, 'pairs'> | undefined
  let cycle = -1
  let advancedMs = nowMs()
  let stopping = false

  const showLevel = (): void => {
    const complete = rest !== undefined && pairs.size === layouts.size
    level.show(
      serviceLevel({
        ...(complete && { pairs: [...pairs.values()] }),
        journalFault: rest?.alarms.some(({ key, active }) => key === 'journal' && active) ?? false,
        quietMs: nowMs() - advancedMs,
        stopping,
        backed: false,
      }),
    )
  }
  const timer = setInterval(showLevel, lookMs)

  return {
    take: (news) => {
      if (news.cycle !== cycle) {
        cycle = news.cycle
        advancedMs = nowMs()
      }
      for (const pair of news.pairs) {
        const known = layouts.get(pair.name)
        pairs.set(pair.name, pair)
        if (known === undefined) continue
        busy(pair.phase !== 'idle')
        showPair(pair, known, news.wallMs, show)
        busy(false)
        dialogs.show(pair, news.wallMs)
      }
      if (news.rest !== undefined) {
        rest = news.rest
        showRest(news.rest, history(), show)
        alarms.show(news.rest.alarms, news.wallMs)
      }
      showLevel()
    },
    stop: () => {
      stopping = true
      clearInterval(timer)
      showLevel()
    },
  }
}

// The history as the server has it: opened where the plant file wants one, fed with what the nodes show, read by clients. Without one
// there is nothing behind it, and clients are told so by the nodes.

import type { OPCUAServer } from 'node-opcua'
import type { HistorySettings } from '../../../core/opcua-settings.ts'
import { openHistory } from '../../history/history.ts'
import { readTrend, type TrendAnswer, type TrendQuestion } from '../../history/trend.ts'
import type { OnChange } from '../carry.ts'
import type { ToMain } from '../messages.ts'
import type { Space } from '../space.ts'
import { watchEvents } from './event-watch.ts'
import { showHistoryNodes, showNotifiers } from './history-nodes.ts'
import { pastOf } from './past.ts'
import { serveHistory } from './service.ts'

export type Past = {
  /** Takes a change of a variable. */
  readonly offer: OnChange
  /** While it is busy, every change counts. */
  readonly busy: (busy: boolean) => void
  readonly trend: (question: TrendQuestion) => Promise<TrendAnswer>
  /** How it stands, in words. */
  readonly standing: () => string
  close(): Promise<void>
}

export type PastParts = {
  readonly server: OPCUAServer
  readonly space: Space
  /** Absent where no history is kept. */
  readonly settings?: HistorySettings
  readonly send: (message: ToMain) => void
}

export function openPast({ server, space, settings, send }: PastParts): Past {
  const { addressSpace } = server.engine
  if (settings === undefined || addressSpace === null) {
    return {
      ...{ offer: () => undefined, busy: () => undefined, close: async () => undefined },
      standing: () => 'none: the plant file wants none',
      trend: async () => ({ kind: 'failed', text: 'the plant file wants no history' }),
    }
  }
  const history = openHistory({
    settings,
    onNote: (text) => send({ kind: 'audit', text, data: {} }),
    onFault: (fault) => send({ kind: 'history', ...(fault !== undefined && { fault }) }),
  })
  const named = [...space.targets].map(
    ([name, target]) => [target.node.nodeId.toString(), { ...target, name }] as const,
  )
  showHistoryNodes(server, space.namespace, space.targets)
  const notifiers = showNotifiers(addressSpace, space.objects.values())
  const rootNotifier = space.objects.get('Bumpless')?.nodeId.toString() ?? ''
  serveHistory(server, {
    ...{ history, addressSpace, targets: new Map(named), notifiers, rootNotifier },
  })
  watchEvents(addressSpace, (event) => history.event(event))
  let quick = false
  return {
    offer: (name, target, reading) => {
      if (target.kept !== undefined)
        history.offer(name, pastOf(target, reading), target.kept, quick)
    },
    busy: (busy) => {
      quick = busy
    },
    trend: (question) => readTrend((one) => history.read(one), question),
    standing: () => {
      const fault = history.fault()
      return fault === undefined ? 'kept' : `nothing is kept: ${fault}`
    },
    close: () => history.close(),
  }
}

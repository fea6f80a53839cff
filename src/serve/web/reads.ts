// Requests that only look: the view and its parts, the journal, and whether the service is alive.

import { type AlarmView, isAsking } from '../../core/alarms/shown.ts'
import type { View } from '../../core/view.ts'
import { unknownName } from '../nearest.ts'
import { alarmsQuery, journalQuery } from './bodies.ts'
import { withQuery } from './handler.ts'
import type { Handler, OpenHandler, WebParts } from './parts.ts'
import { good, type Reply, refuse } from './replies.ts'

export const plantNow: Handler = {
  says: 'Everything that is shown: pairs, UPS units, alarms, the supervisor itself.',
  answers: 'the view',
  answer: (parts) => withView(parts, good),
}

export const alarmsNow = withQuery(
  alarmsQuery,
  {
    says: 'Alarms that ask for something; with `state` those in that state; with `all` every alarm that exists.',
    answers: 'a list of alarms',
  },
  (parts, _call, { state, priority, pair, all }) => {
    if (pair !== undefined && !parts.pairNames.includes(pair))
      return refuse('not-found', unknownName('pair', pair, parts.pairNames))
    const isWanted = (alarm: AlarmView): boolean =>
      (state === undefined ? all || isAsking(alarm) : alarm.state === state) &&
      (priority === undefined || alarm.priority === priority) &&
      (pair === undefined || alarm.pair === pair)
    return withView(parts, (view) => good(view.alarms.filter(isWanted)))
  },
)

export const alarmRatesNow: Handler = {
  says: 'How many alarms were raised lately, by which source, and what chatters or stands for too long.',
  answers: 'counts of the last hour, day and week',
  answer: (parts) => withView(parts, (view) => good(view.alarmRates)),
}

export const pairNow: Handler = {
  says: 'One pair, as the view has it.',
  answers: 'the pair',
  answer: (parts, call) =>
    withView(parts, (view) => {
      const name = call.parameters.pair ?? ''
      const pair = view.pairs.find((other) => other.name === name)
      return pair === undefined
        ? refuse('not-found', unknownName('pair', name, parts.pairNames))
        : good(pair)
    }),
}

export const switchoverNow: Handler = {
  says: 'One switchover that is going on or was among the last.',
  answers: '`{ pair, switchover }` or `{ pair, ended }`',
  answer: (parts, call) =>
    withView(parts, (view) => {
      const id = call.parameters.id ?? ''
      for (const pair of view.pairs) {
        const { switchover } = pair
        if (switchover?.id === id) return good({ pair: pair.name, switchover })
        const ended = pair.lastEnded.find((other) => other.id === id)
        if (ended !== undefined) return good({ pair: pair.name, ended })
      }
      const text = `there is no switchover "${id.slice(0, 100)}" among those going on or the last ended`
      return refuse('not-found', text)
    }),
}

export const journalPage = withQuery(
  journalQuery,
  {
    says: 'Records of the journal, oldest first: after the number `after`; without it the newest ones, or the newest below `before`.',
    answers: '`{ records, head: { seq, hash } }`',
  },
  async (parts, _call, query) => {
    const { pair } = query
    if (pair !== undefined && !parts.pairNames.includes(pair)) {
      return refuse('not-found', unknownName('pair', pair, parts.pairNames))
    }
    const head = parts.journal.head()
    return good({ records: await parts.journal.read(query), head })
  },
)

export const alive: OpenHandler = {
  says: 'Whether cycles advance; 503 when they stand still.',
  answers: '`{ status }`',
  open: (parts) =>
    advancing(parts)
      ? good({ status: 'alive' })
      : { status: 503, body: { status: 'standing still' } },
}

export const ready: OpenHandler = {
  says: 'Whether there is something to show, cycles advance, and the service is not stopping; 503 when not.',
  answers: '`{ status }`',
  open: (parts) =>
    advancing(parts) && parts.board.current() !== undefined && !parts.stopping?.aborted
      ? good({ status: 'ready' })
      : { status: 503, body: { status: 'not ready' } },
}

const advancing = ({ board, limits }: WebParts): boolean => board.quietMs() <= limits.quietMs

function withView(parts: WebParts, show: (view: View) => Reply): Reply {
  const published = parts.board.current()
  if (published !== undefined) return show(published.view)
  return refuse('starting', 'the first cycle has not ended yet; try again in a second')
}

// Requests that only look: the view and its parts, the journal, and whether the service is alive.

import { type AlarmView, isAsking } from '../../core/alarms/shown.ts'
import type { View } from '../../core/view.ts'
import { unknownName } from '../nearest.ts'
import { alarmsQuery, checked, journalQuery } from './bodies.ts'
import type { Call, WebParts } from './parts.ts'
import { good, type Reply, refuse } from './replies.ts'

export const plantNow = (parts: WebParts): Reply => withView(parts, good)

/** Those that ask for something; with a state, those in that state; with `all`, every alarm that exists. */
export const alarmsNow = (parts: WebParts, call: Call): Reply => {
  const query = checked(alarmsQuery, call.query, 'query')
  if (query.fault !== undefined) return refuse('invalid', query.fault)
  const { state, priority, pair, all } = query.value
  if (pair !== undefined && !parts.pairNames.includes(pair))
    return refuse('not-found', unknownName('pair', pair, parts.pairNames))
  const isWanted = (alarm: AlarmView): boolean =>
    (state === undefined ? all || isAsking(alarm) : alarm.state === state) &&
    (priority === undefined || alarm.priority === priority) &&
    (pair === undefined || alarm.pair === pair)
  return withView(parts, (view) => good(view.alarms.filter(isWanted)))
}

/** How many alarms were raised lately, by which source, and what chatters or stands for too long. */
export const alarmRatesNow = (parts: WebParts): Reply =>
  withView(parts, (view) => good(view.alarmRates))

export const pairNow = (parts: WebParts, call: Call): Reply =>
  withView(parts, (view) => {
    const name = call.parameters.pair ?? ''
    const pair = view.pairs.find((other) => other.name === name)
    return pair === undefined
      ? refuse('not-found', unknownName('pair', name, parts.pairNames))
      : good(pair)
  })

/** `{ pair, switchover? , ended? }`: one of the two, as the view has it. */
export const switchoverNow = (parts: WebParts, call: Call): Reply =>
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
  })

/** `{ records, head }`. Without `after`: the newest ones, or the newest below `before`, so that one can page back. */
export async function journalPage(parts: WebParts, call: Call): Promise<Reply> {
  const query = checked(journalQuery, call.query, 'query')
  if (query.fault !== undefined) return refuse('invalid', query.fault)
  const { pair } = query.value
  if (pair !== undefined && !parts.pairNames.includes(pair)) {
    return refuse('not-found', unknownName('pair', pair, parts.pairNames))
  }
  const head = parts.journal.head()
  return good({ records: await parts.journal.read(query.value), head })
}

/** 200 while cycles advance. Says no more than that, because nobody has logged in. */
export const alive = (parts: WebParts): Reply =>
  advancing(parts) ? good({ status: 'alive' }) : { status: 503, body: { status: 'standing still' } }

/** 200 when there is something to show and cycles advance. */
export const ready = (parts: WebParts): Reply =>
  advancing(parts) && parts.board.current() !== undefined
    ? good({ status: 'ready' })
    : { status: 503, body: { status: 'not ready' } }

const advancing = ({ board, limits }: WebParts): boolean => board.quietMs() <= limits.quietMs

function withView(parts: WebParts, show: (view: View) => Reply): Reply {
  const published = parts.board.current()
  if (published !== undefined) return show(published.view)
  return refuse('starting', 'the first cycle has not ended yet; try again in a second')
}

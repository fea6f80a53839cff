// The history for the charts of the pages. It is kept behind the OPC UA door; without one there is none, and the page says so.

import { historyQuery } from './bodies.ts'
import { withQuery } from './handler.ts'
import { good, refuse } from './replies.ts'

const stretches = 300

export const historyNow = withQuery(
  historyQuery,
  {
    says: 'Values of the last `spanMs`, for a chart: the lowest and the highest of each of 300 stretches.',
    answers: '`{ series: [{ name, points: [[wallMs, value or null]] }] }`',
  },
  async (parts, _call, { series, spanMs }) => {
    const view = parts.board.current()?.view
    const toMs = view?.wallMs ?? 0
    const answer = parts.readTrend?.({ series, fromMs: toMs - spanMs, toMs, stretches })
    if (answer === undefined || view === undefined)
      return refuse('not-found', 'no history is kept; opcua.history in the plant file asks for one')
    const found = await answer
    if (found.kind === 'failed') return refuse('no-answer', found.text)
    return good({ series: found.series })
  },
)

// The request for the shift handover: reads the journal since the last one was accepted, page by page.

import type { JournalRecord } from '../../core/cycle.ts'
import { handoverReport } from '../handover-report.ts'
import type { Handler, JournalSource } from './parts.ts'
import { good, refuse } from './replies.ts'

export const handoverNow: Handler = {
  says:
    'What has happened since the last accepted handover, and what stands now: switchovers, roles, alarms, lockouts, what was put ' +
    'aside, overrides, unproven standbys, log-ins, restarts. Accept it with `upTo`.',
  answers: '`{ since?, upTo, happened, standing, leftOut? }`',
  answer: async ({ board, journal }) => {
    const view = board.current()?.view
    if (view === undefined) return refuse('starting', 'the first cycle has not ended yet')
    const upTo = journal.head().seq
    const wanted = view.shift?.seen ?? 0
    const from = Math.max(wanted, upTo - recordsMax)
    const records = await recordsOf(journal, from, upTo)
    const leftOut = from - wanted
    return good({
      ...(view.shift && { since: view.shift }),
      upTo,
      ...handoverReport(view, records),
      ...(leftOut > 0 && { leftOut }),
    })
  },
}

/** Enough for a week of a busy site; what is older was somebody's to accept long ago. */
const recordsMax = 20_000
const pageSize = 1_000

async function recordsOf(journal: JournalSource, from: number, upTo: number) {
  const records: JournalRecord[] = []
  for (let after = from; after < upTo; after += pageSize) {
    const limit = Math.min(pageSize, upTo - after)
    records.push(...(await journal.read({ after, limit })))
  }
  return records
}

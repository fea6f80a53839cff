// What the service writes while it runs: every record, once more, for whoever watches the terminal or keeps the host's log.

import { pino } from 'pino'
import type { JournalRecord } from '../core/cycle.ts'

/** Everything that is recorded also goes to stdout: as text on a terminal, else as JSON lines for the journal of the host. */
export function openLog(): (records: readonly JournalRecord[]) => void {
  if (process.stdout.isTTY) {
    return (records) => {
      for (const { wallMs, text } of records) {
        process.stdout.write(`${new Date(wallMs).toISOString()} ${text}\n`)
      }
    }
  }
  const logger = pino({ base: null })
  return (records) => {
    for (const { seq, kind, actor, pair, text } of records)
      logger.info({ seq, kind, actor, pair }, text)
  }
}

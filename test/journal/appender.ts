// A process that appends to a journal without end, to be killed. It prints each number that was reported as durable, in one write
// call that has returned before the next record is appended.

import { writeSync } from 'node:fs'
import { openJournal } from '../../src/journal/journal.ts'
import { sampleRecord } from './records.ts'

const { journal } = await openJournal({ copies: process.argv.slice(2), segmentBytes: 20_000 })
let next = journal.head().seq + 1

const appendSome = (): void => {
  const count = 1 + (next % 4)
  const batch = Array.from({ length: count }, (_, index) => sampleRecord(next + index))
  next += count
  journal.append(batch)
}

journal.onDurable(() => {
  writeSync(1, `${journal.state().durable}\n`)
  appendSome()
  // One more while the sync is under way, so that batches of several sizes meet the kill.
  setImmediate(appendSome)
})
appendSome()

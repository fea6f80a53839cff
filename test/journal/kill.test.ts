// The promise that commands rest on: what was reported as durable is there after the process was killed at any moment.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { openJournal } from '../../src/journal/journal.ts'
import { verifyJournal } from '../../src/journal/verify.ts'
import { randomFrom } from '../chance.ts'
import { inFolder, sampleRecords, seedOf, segmentsIn } from './records.ts'

/** Lets a process append for so long after its first durable record, kills it, and returns the last number it printed. */
const appendAndKill = async (copies: readonly string[], forMs: number): Promise<number> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'appender.ts'), ...copies], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  let complaint = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const closed = once(child, 'close')
  await Promise.race([once(child.stdout, 'data'), closed])
  setTimeout(() => child.kill('SIGKILL'), forMs)
  const [, signal] = await closed
  assert.equal(signal, 'SIGKILL', `the process ended by itself: ${complaint}`)
  return Number(printed.trimEnd().split('\n').at(-1))
}

describe('a supervisor that is killed while it writes', () => {
  it('loses nothing that it reported as durable, 20 times', async function () {
    this.timeout(120_000)
    const seed = seedOf()
    console.log(`      seed ${seed}`)
    const random = randomFrom(seed)
    await inFolder(async (_, copies) => {
      let [reported, mended] = [0, 0]
      for (let round = 0; round < 20; round += 1) {
        const durable = await appendAndKill(copies, random() * 60)
        assert(durable > reported, `round ${round} wrote nothing`)
        const { journal, records, report } = await openJournal({ copies, segmentBytes: 20_000 })
        await journal.close()
        assert(!report.damaged, report.notes.join('; '))
        assert(records.length >= durable, `${durable} was durable, ${records.length} is there`)
        assert.deepEqual(records, sampleRecords(1, records.length))
        assert.deepEqual(await segmentsIn(copies[0]), await segmentsIn(copies[1]))
        if (report.notes.length > 0) mended += 1
        reported = records.length
      }
      const { ok, head } = await verifyJournal(copies)
      assert(ok && head.seq === reported)
      console.log(`      ${reported} records; copies had to be evened out ${mended} of 20 times`)
    })
  })
})

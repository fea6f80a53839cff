// Verifying a journal: finds every change with file and line, changes nothing, and does not mistake a running supervisor for a fault.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readLine, sealRecord } from '../../src/journal/chain.ts'
import { openJournal } from '../../src/journal/journal.ts'
import { verifyJournal } from '../../src/journal/verify.ts'
import { inFolder, sampleRecord, sampleRecords, segmentsIn } from './records.ts'

const first = 'journal-000001.jsonl'
const second = 'journal-000002.jsonl'

const written = async (copies: readonly string[], count: number): Promise<void> => {
  const { journal } = await openJournal({ copies, segmentBytes: 3000 })
  journal.append(sampleRecords(1, count))
  await journal.close()
}

/** What verifying finds, one line a problem, without the folder that differs from run to run. */
const problemsIn = async (folder: string, copies: readonly string[]): Promise<string[]> => {
  const before = JSON.stringify(await Promise.all(copies.map(segmentsIn)))
  const { ok, problems } = await verifyJournal(copies)
  assert.equal(JSON.stringify(await Promise.all(copies.map(segmentsIn))), before)
  assert.equal(ok, problems.length === 0)
  return problems.map(({ file, line, text }) => {
    const found = `${file}:${line} ${text}`
    return found.replaceAll(`${folder}/`, '')
  })
}

/** Rewrites the lines of a segment file. */
const edit = async (path: string, change: (lines: string[]) => string[]): Promise<void> => {
  const lines = (await readFile(path, 'utf8')).split('\n')
  await writeFile(path, change(lines).join('\n'))
}

describe('verifying the journal', () => {
  it('finds nothing in a sound one and tells its count and head', async () => {
    await inFolder(async (folder, copies) => {
      await written(copies, 40)
      const { journal } = await openJournal({ copies, segmentBytes: 3000 })
      const head = journal.head()
      await journal.close()
      assert.deepEqual(await problemsIn(folder, copies), [])
      assert.deepEqual(await verifyJournal(copies), { ok: true, records: 40, head, problems: [] })
    })
  })

  it('finds a changed, removed, added and moved line, with file and line', async () => {
    const cases: [string, (lines: string[]) => string[], RegExp][] = [
      [
        'changed',
        (l) => l.with(3, (l[3] ?? '').replace('fit', 'FIT')),
        /^a\/.*1\.jsonl:4 does not match its own hash/,
      ],
      ['removed', (l) => l.toSpliced(3, 1), /^a\/.*1\.jsonl:4 is record 4 where record 3 belongs/],
      [
        'added',
        (l) => l.toSpliced(3, 0, l[2] ?? ''),
        /^a\/.*1\.jsonl:4 is record 2 where record 3 belongs/,
      ],
      [
        'moved',
        (l) => l.toSpliced(3, 2, l[4] ?? '', l[3] ?? ''),
        /^a\/.*1\.jsonl:4 is record 4 where record 3/,
      ],
      ['header', (l) => l.toSpliced(0, 1), /^a\/.*1\.jsonl:1 is not a segment header/],
    ]
    for (const [name, change, expected] of cases) {
      await inFolder(async (folder, copies) => {
        await written(copies, 30)
        await edit(join(copies[0], first), change)
        assert.match((await problemsIn(folder, copies))[0] ?? 'nothing', expected, name)
        await rm(join(copies[1]), { recursive: true })
        assert.match((await problemsIn(folder, [copies[0]]))[0] ?? 'nothing', expected, name)
      })
    }
  })

  it('finds a record that was sealed again after a change, in a copy alone and against the other', async () => {
    await inFolder(async (folder, copies) => {
      await written(copies, 12)
      await edit(join(copies[1], first), (lines) => {
        const line = readLine(Buffer.from(lines[5] ?? ''))
        assert(line.kind === 'record')
        const forged = sealRecord({ ...sampleRecord(5), actor: 'nobody' }, line.entry.prev)
        return lines.with(5, forged.bytes.toString().trimEnd())
      })
      assert.deepEqual(await problemsIn(folder, copies), [
        `b/${first}:7 is record 6, which does not follow from the line before it`,
        `b/${first}:6 is record 5, which differs from the one in a`
          .replace('in a', `in ${copies[0]}`)
          .replace(`${folder}/`, ''),
      ])
    })
  })

  it('finds a missing segment, a torn one in the midst, and a copy that ends early', async () => {
    await inFolder(async (folder, copies) => {
      await written(copies, 40)
      await rm(join(copies[0], second))
      await truncate(join(copies[1], first), 2500)
      const problems = await problemsIn(folder, copies)
      assert(problems.includes(`a/${second}:0 is missing`), problems.join('\n'))
      assert(
        problems.some((text) =>
          /^b\/journal-000001\.jsonl:\d+ is torn, though segments follow/.test(text),
        ),
      )
      assert(
        problems.some((text) =>
          /^a\/journal-000003\.jsonl:1 does not follow from record/.test(text),
        ),
      )
    })
    await inFolder(async (folder, copies) => {
      await written(copies, 3)
      await truncate(join(copies[1], first), 700)
      assert.match(
        (await problemsIn(folder, copies))[0] ?? '',
        /^b:0 ends with record 1, while a goes on to record 3|^b:0 ends with record \d/,
      )
    })
  })

  it('does not call a torn last line a problem', async () => {
    await inFolder(async (folder, copies) => {
      await written(copies, 3)
      await appendFile(join(copies[0], first), '{"seq":4,"at":"2026')
      assert.deepEqual(await problemsIn(folder, copies), [])
    })
  })

  it('finds copies of different journals', async () => {
    await inFolder(async (folder, copies) => {
      await written([copies[0]], 3)
      await written([copies[1]], 3)
      const problems = await problemsIn(folder, copies)
      assert(problems.some((text) => text.includes(`b/${first}:1 is not of the same journal`)))
    })
  })

  it('finds nothing while a supervisor appends', async function () {
    this.timeout(30_000)
    await inFolder(async (_, copies) => {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'appender.ts'), ...copies], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      child.stdout.resume()
      try {
        await once(child.stdout, 'data')
        const end = performance.now() + 20_000
        let [reached, rises] = [0, 0]
        while (rises < 15) {
          assert(performance.now() < end, `the journal grew only ${rises} times`)
          const { problems, head } = await verifyJournal(copies)
          assert.deepEqual(problems, [])
          assert(head.seq >= reached)
          if (head.seq > reached) rises += 1
          reached = head.seq
        }
      } finally {
        child.kill('SIGKILL')
        await once(child, 'close')
      }
    })
  })

  it('says which folder cannot be read', async () => {
    await inFolder(async (_, [a]) => {
      await assert.rejects(
        verifyJournal([a]),
        /journal copy .*a: cannot be read \(no such folder\)/,
      )
      await assert.rejects(verifyJournal([]), /no folder is named/)
    })
  })
})

// Opening the journal: what is mended, what is refused, and with which words.

import assert from 'node:assert/strict'
import { appendFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { JournalError } from '../../src/journal/disk.ts'
import { type JournalOptions, openJournal } from '../../src/journal/journal.ts'
import { randomFrom } from '../chance.ts'
import { inFolder, refusalOf, sampleRecords, seedOf, segmentsIn } from './records.ts'

const first = 'journal-000001.jsonl'

const written = async (copies: readonly string[], from: number, to: number): Promise<void> => {
  const { journal } = await openJournal({ copies, segmentBytes: 3000 })
  journal.append(sampleRecords(from, to))
  await journal.close()
}

/** Opens, closes, and tells what was found. */
const reopened = async (options: JournalOptions) => {
  const { journal, records, report } = await openJournal({ segmentBytes: 3000, ...options })
  await journal.close()
  return { records, report }
}

/** Every file in the folders, to show that a refusal changes none. */
const everything = async (copies: readonly string[]): Promise<string> => {
  const parts = copies.map(async (folder) => {
    const names = (await readdir(folder)).sort()
    return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'hex')]))
  })
  return JSON.stringify(await Promise.all(parts))
}

/** Asserts that opening is refused and that no file was changed; returns the words. */
const refusal = async (options: JournalOptions): Promise<string> => {
  const before = await everything(options.copies)
  const text = await refusalOf(options)
  assert.equal(await everything(options.copies), before)
  return text
}

describe('mending the journal at the start', () => {
  it('cuts off the tail that a crash tore, and says how much', async () => {
    await inFolder(async (_, copies) => {
      await written(copies, 1, 4)
      for (const folder of copies) await appendFile(join(folder, first), '{"seq":5,"at":"20')
      const { records, report } = await reopened({ copies })
      assert.deepEqual(records, sampleRecords(1, 4))
      assert.equal(report.damaged, false)
      assert.match(
        report.notes[0] ?? '',
        /a\/journal-000001\.jsonl: torn tail of 17 bytes cut off after record 4/,
      )
      assert.equal(report.notes.length, 2)
      assert.deepEqual((await reopened({ copies })).report.notes, [])
    })
  })

  it('rebuilds a damaged copy from the other one and keeps the damaged file', async () => {
    await inFolder(async (_, copies) => {
      await written(copies, 1, 30)
      const before = await segmentsIn(copies[0])
      const path = join(copies[1], 'journal-000002.jsonl')
      const damaged = (await readFile(path, 'utf8')).replace('intake', 'intakf')
      await writeFile(path, damaged)
      const { records, report } = await reopened({ copies })
      assert.deepEqual(records, sampleRecords(1, 30))
      assert.equal(report.damaged, true)
      assert.match(
        report.notes[0] ?? '',
        /b\/journal-000002\.jsonl:\d+: does not match its own hash/,
      )
      assert.deepEqual(await segmentsIn(copies[1]), before)
      const kept = (await readdir(copies[1])).find((name) => name.includes('.damaged-'))
      assert.equal(await readFile(join(copies[1], kept ?? ''), 'utf8'), damaged)
    })
  })

  it('fills a new disk from the other copy', async () => {
    await inFolder(async (_, copies) => {
      await written(copies, 1, 40)
      await rm(copies[0], { recursive: true })
      const { records, report } = await reopened({ copies })
      assert.deepEqual(records, sampleRecords(1, 40))
      assert.deepEqual(await segmentsIn(copies[0]), await segmentsIn(copies[1]))
      assert.match(report.notes[0] ?? '', /a\/journal-000001\.jsonl was missing: written anew/)
    })
  })

  it('makes copies identical again that stopped at different records', async () => {
    await inFolder(async (_, copies) => {
      await written(copies, 1, 20)
      await written([copies[0]], 21, 60)
      const { records } = await reopened({ copies })
      assert.deepEqual(records, sampleRecords(1, 60))
      assert.deepEqual(await segmentsIn(copies[0]), await segmentsIn(copies[1]))
    })
  })

  it('ends the same on disk, whichever faults two disks have', async function () {
    this.timeout(60_000)
    const seed = seedOf()
    console.log(`      seed ${seed}`)
    const random = randomFrom(seed)
    for (let round = 0; round < 60; round += 1) {
      await inFolder(async (_, copies) => {
        await written(copies, 1, 40)
        const newest = Object.keys(await segmentsIn(copies[0])).at(-1) ?? ''
        const faults: string[] = []
        for (const folder of copies) faults.push(await damage(folder, random))
        // The end of the journal gone from both copies alike leaves nothing that could tell: only a head noted elsewhere does.
        const left = await Promise.all(
          copies.map(async (folder) => newest in (await segmentsIn(folder))),
        )
        if (!left.includes(true)) return
        const what = `seed ${seed}, round ${round}: ${faults.join(' and ')}`
        await assertHonest(copies, what)
      })
    }
  })
})

describe('opening a journal that no program may decide about', () => {
  it('refuses a gap, changes nothing, and goes on behind it when a person accepts it', async () => {
    await inFolder(async (_, copies) => {
      await written(copies, 1, 40)
      for (const folder of copies) {
        const path = join(folder, 'journal-000002.jsonl')
        await writeFile(path, (await readFile(path, 'utf8')).replace(/^.*\n.*\n.*\n/, ''))
      }
      const [before, lost, after] = await gapNumbers(copies)
      assert.match(
        await refusal({ copies }),
        new RegExp(`records ${lost} to ${after - 1} cannot be read on any copy`),
      )
      const { records, report } = await reopened({ copies, acceptGap: 'kari' })
      assert.equal(before + 1, lost)
      assert.deepEqual(records.slice(0, before), sampleRecords(1, before))
      assert.equal(records.length, before + 1)
      assert.equal(records.at(-1)?.actor, 'kari')
      assert.match(records.at(-1)?.text ?? '', /gap accepted/)
      assert.deepEqual(report.gap?.survivors, sampleRecords(after, 40))
      assert.deepEqual(await segmentsIn(copies[0]), await segmentsIn(copies[1]))
      assert.deepEqual((await reopened({ copies })).report.notes, [])
      await written(copies, before + 2, before + 9)
    })
  })

  it('refuses copies that tell different stories', async () => {
    await inFolder(async (_, copies) => {
      await written(copies, 1, 3)
      await written([copies[0]], 4, 6)
      const { journal } = await openJournal({ copies: [copies[1]] })
      journal.append(sampleRecords(4, 4).map((record) => ({ ...record, text: 'another story' })))
      await journal.close()
      assert.match(await refusal({ copies }), /record 4 exists in two different forms/)
    })
  })

  it('refuses files that were renamed by hand', async () => {
    await inFolder(async (_, copies) => {
      await written(copies, 1, 40)
      for (const folder of copies) {
        const from = join(folder, 'journal-000002.jsonl')
        await writeFile(join(folder, 'journal-000099.jsonl'), await readFile(from))
        await rm(from)
      }
      assert.match(
        await refusal({ copies }),
        /journal-\d+\.jsonl does not continue the segment before it/,
      )
    })
  })
})

/** Last record before the gap, first lost one, first one after. */
const gapNumbers = async (
  copies: readonly string[],
): Promise<readonly [number, number, number]> => {
  const text = Object.values(await segmentsIn(copies[0] ?? '')).join('')
  const seqs = [...text.matchAll(/^\{"seq":(\d+),/gm)].map(([, seq]) => Number(seq))
  const before = seqs.findIndex((seq, index) => seq !== index + 1)
  return [before, before + 1, seqs[before] ?? 0]
}

const damage = async (folder: string, random: () => number): Promise<string> => {
  const names = Object.keys(await segmentsIn(folder))
  const name = names[Math.floor(random() * names.length)] ?? first
  const path = join(folder, name)
  const bytes = await readFile(path)
  const at = Math.floor(random() * bytes.length)
  const kind = Math.floor(random() * 5)
  if (kind === 0) await truncate(path, at)
  else if (kind === 1) await rm(path)
  else if (kind === 2)
    await writeFile(path, bytes.fill(0, at, at + 1 + Math.floor(random() * (bytes.length - at))))
  else if (kind === 3) {
    bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8)), at)
    await writeFile(path, bytes)
  }
  return `${path} kind ${kind} at ${at}`
}

const assertHonest = async (copies: readonly [string, string], what: string): Promise<void> => {
  const opened = await reopened({ copies }).catch((error: unknown) => {
    assert(error instanceof JournalError, `${what}: ${String(error)}`)
    return undefined
  })
  if (opened === undefined) {
    await reopened({ copies, acceptGap: 'kari' })
  } else {
    assert.deepEqual(opened.records, sampleRecords(1, opened.records.length), what)
    if (opened.records.length < 40) assert(opened.report.notes.length > 0, what)
  }
  assert.deepEqual(await segmentsIn(copies[0]), await segmentsIn(copies[1]), what)
  const again = await reopened({ copies })
  assert.deepEqual(again.report.notes, [], what)
}

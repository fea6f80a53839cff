// Disks that fail while the journal runs: recording goes on where it can, nothing more is called durable, and people are told why.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { JournalError } from '../../src/journal/disk.ts'
import { openJournal } from '../../src/journal/journal.ts'
import { failingDisk, type Verdict } from './failing-disk.ts'
import { inFolder, sampleRecord, sampleRecords, segmentsIn, until } from './records.ts'

const run = promisify(execFile)

describe('a copy whose disk fails', () => {
  it('stops what is durable; the other copy goes on, and a restart evens them out', async () => {
    await inFolder(async (_, copies) => {
      let failing = false
      const after: string[] = []
      const { disk } = failingDisk((_call, name, path) => {
        if (!path.startsWith(copies[1]) || !failing) return undefined
        after.push(name)
        return name === 'datasync' ? 'EIO' : undefined
      })
      const { journal } = await openJournal({ copies, disk })
      journal.append([sampleRecord(1)])
      await until('record 1 durable', 5000, () => journal.state().durable === 1)
      failing = true
      let calls = 0
      journal.onDurable(() => {
        calls += 1
      })
      journal.append([sampleRecord(2)])
      await until('the shell to be woken', 5000, () => calls > 0)
      assert.equal(calls, 1)
      assert.deepEqual(journal.state(), {
        durable: 1,
        fault:
          `journal copy ${copies[1]}: cannot be written (input/output error): replace the disk; ` +
          'the folder is rebuilt from the other copy. Then restart the supervisor',
      })
      journal.append(sampleRecords(3, 9))
      await journal.close()
      // The file whose sync failed was closed and never written or synced again.
      assert.deepEqual(
        after.filter((name) => name !== 'close' && name !== 'remove'),
        ['write', 'datasync'],
      )
      assert.equal(journal.state().durable, 1)
      const mended = await openJournal({ copies })
      await mended.journal.close()
      assert.deepEqual(mended.records, sampleRecords(1, 9))
      assert.deepEqual(await segmentsIn(copies[0]), await segmentsIn(copies[1]))
    })
  })

  it('is given up when it does not answer, without holding up the other one', async () => {
    await inFolder(async (_, copies) => {
      let hanging = false
      const { disk } = failingDisk((_call, name, path) =>
        hanging && name === 'datasync' && path.startsWith(copies[0]) ? 'hang' : undefined,
      )
      const { journal } = await openJournal({ copies, disk, syncLimitMs: 50 })
      hanging = true
      journal.append([sampleRecord(1)])
      await until('the fault to show', 5000, () => journal.state().fault !== undefined)
      assert.match(journal.state().fault ?? '', /journal copy .*a: .*the disk does not answer/)
      journal.append([sampleRecord(2)])
      await journal.close()
      assert.equal(journal.state().durable, 0)
      assert.deepEqual(await journal.read({ limit: 9 }), sampleRecords(1, 2))
      const copied = await openJournal({ copies: [copies[1]] })
      await copied.journal.close()
      assert.deepEqual(copied.records, sampleRecords(1, 2))
    })
  })

  it('does not end the supervisor even when it is the last one', async () => {
    await inFolder(async (_, copies) => {
      let full = false
      const { disk } = failingDisk((_call, name) =>
        full && name === 'write' ? 'ENOSPC' : undefined,
      )
      const { journal } = await openJournal({ copies, disk })
      full = true
      for (let seq = 1; seq <= 20; seq += 1) {
        journal.append([sampleRecord(seq)])
        await new Promise((resume) => setImmediate(resume))
      }
      await until('the fault to show', 5000, () => journal.state().fault !== undefined)
      assert.match(
        journal.state().fault ?? '',
        /a: .*no space left.*; journal copy .*b: .*no space left/,
      )
      assert.equal(journal.head().seq, 20)
      assert.deepEqual(await journal.read({ limit: 3 }), sampleRecords(18, 20))
      await journal.close()
      assert.equal(journal.state().durable, 0)
    })
  })
})

/** One life of a journal on a failing disk; returns the highest number that it called durable. */
const live = async (copies: readonly string[], verdict: Verdict): Promise<number> => {
  const { disk } = failingDisk(verdict)
  const segmentBytes = 1200
  let durable = 0
  try {
    const { journal, records } = await openJournal({ copies, disk, segmentBytes })
    assert.deepEqual(records, sampleRecords(1, records.length))
    durable = journal.state().durable
    let next = records.length + 1
    for (let batch = 0; batch < 4; batch += 1) {
      journal.append(sampleRecords(next, next + 1))
      next += 2
      const last = next - 1
      await until('an answer', 5000, () => {
        const { durable: reached, fault } = journal.state()
        return reached === last || fault !== undefined
      })
    }
    await journal.close()
    durable = journal.state().durable
  } catch (error) {
    // Nothing but the one line for people may come out, whatever the disk does.
    assert(error instanceof JournalError, String(error))
    assert.match(error.message, /^journal copy .*: cannot be (written|read) \(/)
  }
  return durable
}

/** Removes locks that the failing disk did not let go of; their process would be dead by now. */
const freeFolders = async (copies: readonly string[]): Promise<void> => {
  for (const folder of copies) {
    for (const name of await readdir(folder)) {
      if (name.startsWith('lock_')) await rm(join(folder, name))
    }
  }
}

describe('a disk whose n-th call fails', () => {
  for (const { fault, lasting } of [
    { fault: 'EIO', lasting: false },
    { fault: 'ENOSPC', lasting: true },
    { fault: 'short', lasting: false },
  ]) {
    it(`loses nothing durable, for every n: ${fault}${lasting ? ' from then on' : ' once'}`, async function () {
      this.timeout(60_000)
      let [nth, failed] = [0, true]
      while (failed) {
        nth += 1
        failed = false
        await inFolder(async (_, copies) => {
          const verdict: Verdict = (call) => {
            const fails = lasting ? call >= nth : call === nth
            failed ||= fails
            return fails ? fault : undefined
          }
          await live(copies, () => undefined)
          // A copy that must be rebuilt and one that is torn, so that repairing meets the fault too.
          await writeFile(join(copies[0], 'journal-000001.jsonl'), 'damaged\n')
          await writeFile(join(copies[1], 'journal-000004.jsonl'), '{"torn')
          const durable = await live(copies, verdict)
          await freeFolders(copies)
          const { journal, records } = await openJournal({ copies })
          await journal.close()
          assert.deepEqual(records, sampleRecords(1, records.length), `n ${nth}`)
          assert(records.length >= Math.max(durable, 8), `n ${nth}: ${durable} durable`)
          assert.deepEqual(await segmentsIn(copies[0]), await segmentsIn(copies[1]), `n ${nth}`)
        })
      }
      assert(nth > 40, `only ${nth} calls`)
    })
  }
})

/** Mounts a disk of 256 KiB where that is permitted; tells whether it was. */
const mountSmallDisk = async (folder: string): Promise<boolean> => {
  await mkdir(folder)
  return run('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]).then(
    () => true,
    () => false,
  )
}

describe('a disk that fills up', () => {
  it('stops commands, keeps recording on the other one, and recovers after space was made', async () => {
    await inFolder(async (folder, [a]) => {
      const small = join(folder, 'small')
      const mounted = await mountSmallDisk(small)
      let written = 0
      const full: Verdict = (_call, name, path) => {
        if (mounted || name !== 'write' || !path.startsWith(small)) return undefined
        written += 1
        return written > 20 ? 'ENOSPC' : undefined
      }
      try {
        const copies = [a, join(small, 'b')]
        const { journal } = await openJournal({ copies, disk: failingDisk(full).disk })
        let seq = 0
        while (journal.state().fault === undefined) {
          assert(seq < 5000, 'the small disk never filled up')
          journal.append(sampleRecords(seq + 1, seq + 20))
          seq += 20
          const last = seq
          await until('an answer', 5000, () => {
            const { durable, fault } = journal.state()
            return durable === last || fault !== undefined
          })
        }
        const { durable, fault } = journal.state()
        assert.equal(durable, seq - 20)
        assert.match(
          fault ?? '',
          /small\/b: cannot be written \(no space left on the disk\): free space/,
        )
        await journal.close()
        if (mounted) {
          await assert.rejects(openJournal({ copies }), /no space left on the disk/)
          await run('mount', ['-o', 'remount,size=4m', small])
        }
        const mended = await openJournal({ copies })
        assert.deepEqual(mended.records, sampleRecords(1, seq))
        await mended.journal.close()
        if (mounted) {
          await run('mount', ['-o', 'remount,ro', small])
          await assert.rejects(
            openJournal({ copies }),
            /b: cannot be written \(read-only file system\)/,
          )
        }
      } finally {
        // Lazy, so that a failed test with open files leaves no mount behind.
        if (mounted) await run('umount', ['-l', small])
      }
    })
  })
})

// Who may use a journal folder, and the words for a folder that cannot be used.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JournalRecord } from '../../src/core/cycle.ts'
import { localDisk } from '../../src/journal/disk.ts'
import { openJournal } from '../../src/journal/journal.ts'
import { lockFolder } from '../../src/journal/lock.ts'
import { failingDisk } from './failing-disk.ts'
import { inFolder, refusalOf } from './records.ts'

const openAndClose = async (copies: readonly string[]): Promise<readonly JournalRecord[]> => {
  const { journal, records } = await openJournal({ copies })
  await journal.close()
  return records
}

describe('a journal folder that cannot be used', () => {
  it('is refused with what is wrong and what would clear it', async () => {
    await inFolder(async (folder, [a]) => {
      const lone = join(folder, 'not-there', 'journal')
      assert.equal(
        await refusalOf({ copies: [a, lone] }),
        `journal copy ${lone}: cannot be written (no such folder): create the folder above it, or mount its disk`,
      )
      await writeFile(join(folder, 'file'), '')
      assert.match(
        await refusalOf({ copies: [join(folder, 'file')] }),
        /\(not a folder\): remove the file/,
      )
      const { disk } = failingDisk((_, name) => (name === 'makeFolder' ? 'EROFS' : undefined))
      assert.equal(
        await refusalOf({ copies: [a], disk }),
        `journal copy ${a}: cannot be written (read-only file system): mount it writable`,
      )
      assert.match(await refusalOf({ copies: [] }), /no folder is named/)
      assert.match(await refusalOf({ copies: [a, join(a, '..', 'a')] }), /named twice/)
    })
  })

  it('is refused while another supervisor has it, with the number of that process', async () => {
    await inFolder(async (_, copies) => {
      const { journal } = await openJournal({ copies: [copies[1]] })
      assert.match(
        await refusalOf({ copies }),
        new RegExp(
          `journal copy ${copies[1]}: in use by process ${process.pid}: stop that process`,
        ),
      )
      await journal.close()
      await openAndClose([copies[1]])
    })
  })

  it('is refused while another process lives, and taken over when that one was killed', async () => {
    await inFolder(async (_, copies) => {
      await openAndClose(copies)
      const child = spawn(process.execPath, [join(import.meta.dirname, 'appender.ts'), ...copies], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      const text = await refusalOf({ copies })
      child.kill('SIGKILL')
      await once(child, 'close')
      assert.match(text, new RegExp(`in use by process ${child.pid}: stop that process first`))
      const records = await openAndClose(copies)
      assert(records.length > 0)
    })
  })

  it('is not taken from a process on another machine, or from a later process with an old number', async () => {
    await inFolder(async (_, [folder]) => {
      await mkdir(folder)
      await writeFile(join(folder, 'lock_12_other-machine_ab_7'), '')
      assert.match(
        await refusalOf({ copies: [folder] }),
        /in use by process 12 on other-machine: .*remove the file lock_12/,
      )
      await rm(join(folder, 'lock_12_other-machine_ab_7'))
      const lock = await lockFolder(localDisk, folder)
      const [name] = await readdir(folder)
      await lock.release()
      assert(name !== undefined)
      // This process's number with another start: its owner died and the number was used again.
      await writeFile(join(folder, name.replace(/_\d*$/, '_1')), '')
      await openAndClose([folder])
      assert.deepEqual(
        (await readdir(folder)).filter((entry) => entry.startsWith('lock')),
        [],
      )
    })
  })
})

// A disk that is full or read-only, and a thread that dies: clients see live values all the while, are told that nothing is kept, and the
// history goes on when it can.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ReadRawModifiedDetails } from 'node-opcua'
import { type History, openHistory, type StoreThread } from '../../../src/serve/history/history.ts'
import type { FromStore, ReadQuestion, ToStore } from '../../../src/serve/history/messages.ts'
import { openShelf } from '../../../src/serve/history/shelf.ts'
import { sample } from '../history/array-source.ts'
import { dataOf, type HistoryRig, numbersOf, startHistoryRig, tag } from './history-rig.ts'

/** A small disk of its own, where mounting is permitted. */
function mountDisk(options: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'bumpless-disk-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  return status === 0 ? folder : undefined
}

function unmount(folder: string): void {
  spawnSync('umount', ['-l', folder])
  rmSync(folder, { recursive: true, force: true })
}

describe('A disk that fills up under the history', () => {
  it('refuses one batch after the other, keeps what is there, and takes it when there is room again', function () {
    const disk = mountDisk('size=2m')
    if (disk === undefined) return this.skip()
    try {
      const filler = join(disk, 'filler')
      writeFileSync(filler, Buffer.alloc(1_400_000))
      const folder = join(disk, 'history')
      const shelf = openShelf({ folder, keepDays: 1, maxMb: 100 }, Date.now)
      const batch = (number: number) => ({
        rows: Array.from({ length: 500 }, (_, index) => ({
          ...{ series: 'x', ...sample(number * 500 + index, Math.sin(index)) },
        })),
        ...{ events: [], aliveMs: number },
      })
      let written = 0
      let fault: string | undefined
      for (let number = 0; number < 200 && fault === undefined; number += 1) {
        fault = shelf.write(batch(number))
        if (fault === undefined) written = number + 1
      }
      assert.match(fault ?? '', /the disk is full/)
      assert.ok(written > 3, `${written}`)
      assert.match(shelf.write(batch(written)) ?? '', /the disk is full/)
      const raw = { fromMs: 0, toMs: 1e9, limit: 0, bounds: false }
      const question = { kind: 'raw', series: 'x', raw, pageMax: 1e6 } as const
      const length = (): number => {
        const answer = shelf.read(question)
        assert.equal(answer.kind, 'raw')
        return answer.kind === 'raw' ? answer.page.items.length : 0
      }
      assert.equal(length(), written * 500)
      rmSync(filler)
      assert.equal(shelf.write(batch(written)), undefined)
      assert.equal(length(), (written + 1) * 500)
      shelf.close()
    } finally {
      unmount(disk)
    }
  })
})

describe('A history that cannot be kept', function () {
  this.timeout(40_000)
  let rig: HistoryRig | undefined
  let disk: string | undefined
  before(async function () {
    disk = mountDisk('size=8m,ro')
    if (disk === undefined) return this.skip()
    rig = await startHistoryRig(join(disk, 'history'))
  })
  after(async () => {
    await rig?.stop()
    if (disk !== undefined) unmount(disk)
  })

  const standing = async (fits: RegExp): Promise<void> => {
    for (let left = 600; ; left -= 1) {
      const text = String(await rig?.anna.value('Supervisor.History'))
      if (fits.test(text)) return
      assert.ok(left > 0, text)
      await new Promise((done) => setTimeout(done, 20))
    }
  }
  const read = async () => {
    const times = { startTime: new Date(0), endTime: new Date(Date.now() + 60_000) }
    return rig?.anna.history(new ReadRawModifiedDetails({ ...times }), tag)
  }

  it('takes nothing from those who look at what is now, and is told to them and to the journal', async () => {
    await rig?.showTag(5)
    await rig?.showTag(6)
    await standing(/^nothing is kept: .*history/)
    assert.ok(rig?.rig.audit.some((line) => /^history: nothing is kept/.test(line)))
    assert.match(rig?.rig.historyFault() ?? '', /history/)
    assert.equal((await read())?.statusCode.name, 'BadResourceUnavailable')
  })

  it('goes on when the disk can be written, with what was waiting', async () => {
    spawnSync('mount', ['-o', 'remount,rw', disk ?? ''])
    await standing(/^kept$/)
    assert.ok(rig?.rig.audit.some((line) => /^history: it is kept again/.test(line)))
    assert.equal(rig?.rig.historyFault(), undefined)
    const result = await read()
    assert.ok(result)
    const values = numbersOf(dataOf(result))
    assert.ok(values.includes(5) && values.includes(6), JSON.stringify(values))
  })
})

describe('The thread of the history', () => {
  type Fake = {
    readonly thread: StoreThread
    readonly asked: ToStore[]
    say(message: FromStore): void
    die(): void
  }

  function fake(): Fake {
    const asked: ToStore[] = []
    const takers = new Map<string, (value: never) => void>()
    const thread = {
      postMessage: (message: ToStore) => void asked.push(message),
      on: (event: string, take: (value: never) => void) => void takers.set(event, take),
      terminate: () => undefined,
    }
    return {
      ...{ thread, asked },
      say: (message) => takers.get('message')?.(message as never),
      die: () => takers.get('exit')?.(undefined as never),
    }
  }
  const settings = { folder: 'nowhere', keepDays: 1, maxMb: 20 }
  const question: ReadQuestion = {
    ...{ series: 'x', pageMax: 10 },
    kind: 'raw',
    raw: { fromMs: 0, toMs: 1, limit: 0, bounds: false },
  }
  let history: History | undefined
  afterEach(async () => {
    await history?.close()
    history = undefined
  })

  it('has one batch under way, however much comes', () => {
    const one = fake()
    history = openHistory({
      settings,
      onNote: () => undefined,
      onFault: () => undefined,
      openThread: () => one.thread,
    })
    for (let at = 0; at < 100; at += 1) {
      history.offer('x', sample(at, at), { everyMs: 0, deadband: 0 }, false)
      void history.read(question)
    }
    assert.equal(one.asked.filter(({ kind }) => kind === 'write').length, 1)
    assert.equal(
      one.asked.filter(({ kind }) => kind === 'read').length,
      64,
      'and so many questions',
    )
    one.die()
  })

  it('answers every question that was open when it ends, and says so once', async () => {
    const one = fake()
    const notes: string[] = []
    const faults: (string | undefined)[] = []
    history = openHistory({
      settings,
      onNote: (text) => notes.push(text),
      onFault: (fault) => faults.push(fault),
      openThread: () => one.thread,
    })
    const answers = [history.read(question), history.read(question)]
    one.die()
    for (const answer of await Promise.all(answers)) assert.equal(answer.kind, 'failed')
    assert.equal(history.fault(), 'its thread ended')
    assert.equal((await history.read(question)).kind, 'failed')
    assert.deepEqual(faults, ['its thread ended'])
    assert.deepEqual(notes, ['history: nothing is kept: its thread ended'])
  })
})

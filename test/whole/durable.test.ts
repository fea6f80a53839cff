// The promise on which a restart rests, seen from the operating system: no command leaves before its intent stands on every copy
// of the journal and the disks have said so.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type Line, readCopy } from './journal-file.ts'
import { switchTo } from './persons.ts'
import { assertNeverBothActive, type Rig, startRig } from './rig.ts'
import { type Call, readTrace, straceWords } from './trace.ts'

/** FC16 to the command block: 18 words at holding register 1100. */
const writeBlock = Buffer.from('10044c001224', 'hex')
const opcodes: Readonly<Record<number, string>> = {
  42405: 'claim-intent',
  50115: 'select-intent',
  38505: 'operate-intent',
  61455: 'cancel-intent',
}

describe('Every command of a switchover', function () {
  this.timeout(120_000)
  let rig: Rig | undefined
  const traceFile = (folder: string) => join(folder, 'trace')

  before(async function () {
    const there = spawnSync('strace', ['-V']).status === 0
    if (!there && process.env.CI === undefined) this.skip()
    assert.ok(there, 'strace is needed')
    rig = await startRig({ before: (folder) => straceWords(traceFile(folder)) })
  })
  after(() => rig?.stop())

  it('leaves only after its intent was synced on both copies', async () => {
    assert.ok(rig)
    await switchTo(rig, 'B')
    assertNeverBothActive(rig)
    rig.service.signal('SIGTERM')
    await rig.service.ended
    const calls = readTrace(traceFile(rig.folder))
    const frames = calls.filter(({ name, bytes }) => name !== 'openat' && isFrame(bytes))
    const kinds: string[] = []
    for (const frame of frames) {
      const intent = intentOf(frame, readCopy(rig.journal))
      kinds.push(intent.kind)
      const synced = rig.journals.map((folder) => syncOf(intent, folder, calls))
      for (const sync of synced) {
        assert.ok(sync.returned < frame.began, `${intent.text} left before it was durable`)
      }
      const gapMs = frame.beganMs - Math.max(...synced.map(({ returnedMs }) => returnedMs))
      console.log(`      ${intent.text}: left ${gapMs.toFixed(1)} ms after the last sync`)
    }
    const operation = ['select-intent', 'operate-intent']
    assert.deepEqual(kinds, ['claim-intent', 'claim-intent', ...operation, ...operation])
    assert.equal(rig.truth().writeFrames, frames.length, 'the trace shows every frame')
  })
})

/** Seven bytes of MBAP header come first. */
const isFrame = (bytes: Buffer): boolean => bytes.length === 49 && bytes.indexOf(writeBlock) === 7

/** The record that announces the block of this frame. */
function intentOf({ bytes }: Call, records: readonly Line[]): Line {
  const word = (index: number) => bytes.readUInt16BE(13 + 2 * index)
  const [epoch, owner, seq, opcode] = [word(1) * 65_536 + word(2), word(3), word(4), word(5)]
  const found = records.filter(({ kind, data }) => {
    return kind === opcodes[opcode] && data.seq === seq && data.epoch === epoch
  })
  const [intent] = found
  assert.ok(intent && found.length === 1, `no intent for block ${seq} of epoch ${epoch}`)
  if (intent.data.owner !== undefined) assert.equal(intent.data.owner, owner)
  return intent
}

/** The first sync of this copy that began after the record was written to it. */
function syncOf(intent: Line, folder: string, calls: readonly Call[]): Call {
  const start = `{"seq":${intent.seq},`
  const write = calls.find((call) => {
    const text = call.bytes.toString('latin1')
    if (call.name === 'openat' || !(text.startsWith(start) || text.includes(`\n${start}`)))
      return false
    return pathOf(call.fd, call.began, calls).startsWith(`${folder}/`)
  })
  assert.ok(write, `record ${intent.seq} was not written to ${folder}`)
  const sync = calls.find(({ name, fd, began, result }) => {
    return name.endsWith('sync') && fd === write.fd && began > write.returned && result === 0
  })
  assert.ok(sync, `record ${intent.seq} was not synced in ${folder}`)
  return sync
}

/** What the descriptor stood for then. */
function pathOf(fd: number, began: number, calls: readonly Call[]): string {
  const opened = calls.findLast(
    ({ name, result, returned }) => name === 'openat' && result === fd && returned < began,
  )
  return opened?.bytes.toString('utf8') ?? ''
}

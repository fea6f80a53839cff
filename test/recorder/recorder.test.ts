// The ring on disk: what it keeps, what it gives back after a kill or damage, and that a bad disk costs cycles of the recording and
// never the supervisor.

import assert from 'node:assert/strict'
import { appendFile, readFile, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { Input } from '../../src/core/cycle.ts'
import type { Plant } from '../../src/core/plant.ts'
import type { State } from '../../src/core/state.ts'
import { RecordingError } from '../../src/recorder/reading.ts'
import type { Recorder } from '../../src/recorder/recorder.ts'
import { fileSink, segmentsIn } from '../../src/recorder/segment-file.ts'
import { createSupervisor, type Parts, type Supervisor } from '../../src/supervisor.ts'
import { cycle, newRig, order, pairOf, type Rig, run, runUntil } from '../core/rig.ts'
import { until } from '../journal/records.ts'
import { assertIdentical, inFolder, play, recordRig, runRecorded } from './recorded.ts'

const patienceMs = 20_000

describe('A recording', function () {
  this.timeout(60_000)

  it('replays a switchover to the same decisions, over several segments', () =>
    inFolder(async (folder) => {
      const rig = newRig()
      const { recorder } = recordRig(rig, folder, { segmentMs: 10_000 })
      run(rig, 8000)
      switchTo(rig)
      await runRecorded(rig, 20_000)
      await recorder.close()
      assert.equal(recorder.fault(), undefined)
      assert.ok((await segmentsIn(folder)).length >= 3)
      const played = await play(folder)
      assertIdentical(played, rig.seen.length)
      assert.equal(played.runs, 1)
      assert.deepEqual(
        played.texts,
        rig.records.map(({ text }) => text),
      )
    }))

  it('can be played from any of its segments alone, and from any time', () =>
    inFolder(async (folder) => {
      const rig = newRig()
      const { recorder } = recordRig(rig, folder, { segmentMs: 10_000 })
      const beganMs = rig.wallMs
      await runRecorded(rig, 30_000)
      await recorder.close()
      const segments = await segmentsIn(folder)
      assert.equal(segments.length, 3)
      for (const { path } of segments) assertIdentical(await play(path), 100)
      const fromMs = beganMs + 12_000
      const toMs = beganMs + 24_000
      // Both ends are included, and a cycle takes 100 ms.
      assertIdentical(await play(folder, { fromMs, toMs }), 121)
    }))

  it('keeps no more than it may, and drops its oldest part first', () =>
    inFolder(async (folder) => {
      const rig = newRig()
      const maxMb = 0.15
      const { recorder } = recordRig(rig, folder, { segmentMs: 2000, maxMb })
      for (let minute = 0; minute < 2; minute += 1) {
        await runRecorded(rig, 60_000)
        const written = await segmentsIn(folder)
        const totalBytes = written.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
        assert.ok(totalBytes <= maxMb * 1e6, `${totalBytes} bytes`)
      }
      await recorder.close()
      const left = await segmentsIn(folder)
      assert.ok((left[0]?.number ?? 0) > 1)
      const played = await play(folder)
      assert.equal(played.difference, undefined)
      assert.ok(played.cycles > 0 && played.cycles < rig.seen.length)
    }))

  it('lets go of what is older than it must be', () =>
    inFolder(async (folder) => {
      const first = newRig()
      const old = recordRig(first, folder)
      await runRecorded(first, 1000)
      await old.recorder.close()
      const [segment] = await segmentsIn(folder)
      assert.ok(segment)
      const longAgo = new Date(Date.now() - 25 * 3_600_000)
      await utimes(segment.path, longAgo, longAgo)
      const second = newRig()
      const next = recordRig(second, folder)
      await runRecorded(second, 1000)
      await next.recorder.close()
      assert.deepEqual(
        (await segmentsIn(folder)).map(({ number }) => number),
        [2],
      )
    }))

  it('gives back what was written before a kill, cut off at any byte', () =>
    inFolder(async (folder) => {
      const rig = newRig()
      const { recorder } = recordRig(rig, folder)
      await runRecorded(rig, 20_000)
      await recorder.close()
      const [segment] = await segmentsIn(folder)
      assert.ok(segment)
      let least = rig.seen.length
      for (const share of [0.99, 0.9, 0.6, 0.4]) {
        await truncate(segment.path, Math.floor(segment.sizeBytes * share))
        const { cycles, difference, gaps } = await play(segment.path)
        assert.equal(difference, undefined)
        assert.deepEqual(gaps, [])
        assert.ok(cycles > 0 && cycles < least, `${cycles} cycles of ${share}`)
        least = cycles
      }
    }))

  it('keeps the input on which the supervisor itself failed, and fails on it again', () =>
    inFolder(async (folder) => {
      const rig = newRig()
      const { recorder } = recordRig(rig, folder)
      await runRecorded(rig, 3000)
      await recorder.close()
      const { intake: _lost, ...pairs } = rig.state.pairs
      const broken = { ...rig.state, pairs }
      let last: Input | undefined
      rig.watch = (_before, input) => {
        last = input
      }
      cycle(rig)
      assert.ok(last)
      const input = last
      const supervisor = supervisorOn(rig.plant, broken, input, recorder)
      assert.throws(() => supervisor.cycle(0), /nothing is known of "intake"/)
      const [, segment] = await segmentsIn(folder)
      assert.ok(segment, 'a file of its own')
      const { texts, cycles } = await play(segment.path)
      assert.deepEqual([texts, cycles], [['died: nothing is known of "intake"'], 0])
    }))

  it('says where it is damaged, and never plays a damaged cycle as if it were sound', () =>
    inFolder(async (folder) => {
      const rig = newRig()
      const { recorder } = recordRig(rig, folder)
      await runRecorded(rig, 20_000)
      await recorder.close()
      const [segment] = await segmentsIn(folder)
      assert.ok(segment)
      const bytes = await readFile(segment.path)
      for (const share of [0.5, 0.8]) {
        const damaged = Buffer.from(bytes)
        damaged.fill(0xff, Math.floor(bytes.length * share), Math.floor(bytes.length * share) + 40)
        await writeFile(segment.path, damaged)
        const { cycles, difference, gaps } = await play(segment.path)
        assert.ok(cycles < rig.seen.length)
        assert.ok(gaps.length + (difference === undefined ? 0 : 1) > 0, 'nothing was said')
      }
    }))

  it('is refused when it is something else', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'notes.txt')
      await appendFile(file, 'not a recording')
      for (const [path, why] of [
        [folder, /no recording in it/],
        [file, /notes\.txt: .*expected a segment of a recording/],
        [join(folder, 'gone'), /no such file/],
      ] as const) {
        await assert.rejects(play(path), (error) => {
          assert.ok(error instanceof RecordingError, String(error))
          assert.match(error.message, why)
          return true
        })
      }
    }))
})

describe('A disk that is bad', function () {
  this.timeout(60_000)

  it('costs cycles of the recording when it is slow: the gap is told, and both sides of it replay', () =>
    inFolder(async (folder) => {
      let held: (() => void) | undefined
      let slow = true
      const openSink = (path: string): Writable => {
        const file = fileSink(path)
        return new Writable({
          write: (bytes: Buffer, _, done) => {
            const go = () => void file.write(bytes, done)
            if (slow) held = go
            else go()
          },
          final: (done) => void file.end(done),
        })
      }
      const rig = newRig()
      const options = { openSink, waitingMax: 50 }
      const { recorder, gaps } = recordRig(rig, folder, options)
      await runRecorded(rig, 30_000)
      assert.match(recorder.fault() ?? '', /does not keep up/)
      const cyclesSoFar = rig.seen.length
      assert.equal(cyclesSoFar, 300, 'the supervisor goes on')
      slow = false
      held?.()
      for (let tries = 0; recorder.fault() !== undefined && tries < 5000; tries += 1) {
        await runRecorded(rig, 100)
      }
      assert.equal(recorder.fault(), undefined, 'it records again')
      await runRecorded(rig, 2000)
      await recorder.close()
      assert.equal(gaps.length, 1)
      assert.match(gaps[0] ?? '', /^recording: cycles \d+ to \d+ are missing: .*keep up$/)
      const played = await play(folder)
      assert.equal(played.difference, undefined)
      assert.equal(played.gaps.length, 1)
      assert.ok(`recording: ${played.gaps[0]}` === gaps[0], `${played.gaps[0]} and ${gaps[0]}`)
      const [from = 0, to = 0] = (gaps[0]?.match(/\d+/g) ?? []).map(Number)
      assert.equal(played.cycles, rig.seen.length - (to - from + 1))
    }))

  it('costs cycles when it is full, and is tried again', () =>
    inFolder(async (folder) => {
      let room = 20_000
      const openSink = (path: string): Writable => {
        const file = fileSink(path)
        return new Writable({
          write: (bytes: Buffer, _, done) => {
            room -= bytes.length
            if (room < 0) done(new Error('ENOSPC: no space left on device'))
            else file.write(bytes, done)
          },
          final: (done) => void file.end(done),
        })
      }
      const rig = newRig()
      const { recorder, gaps } = recordRig(rig, folder, { openSink, retryMs: 5000 })
      await runRecorded(rig, 20_000)
      await until('the fault', patienceMs, () => recorder.fault() !== undefined)
      assert.match(recorder.fault() ?? '', /ENOSPC/)
      room = 1e9
      for (let tries = 0; recorder.fault() !== undefined && tries < 2000; tries += 1) {
        await runRecorded(rig, 100)
      }
      await runRecorded(rig, 2000)
      await recorder.close()
      assert.equal(recorder.fault(), undefined)
      assert.equal(gaps.length, 1)
      assert.match(gaps[0] ?? '', /ENOSPC/)
      const played = await play(folder)
      assert.equal(played.difference, undefined)
      assert.equal(played.gaps.length, 1)
    }))

  it('raises an alarm of its own and is nothing worse: the supervisor decides as before', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'in-the-way')
      await writeFile(file, '')
      const rig = newRig()
      const plain = newRig()
      const { recorder } = recordRig(rig, join(file, 'recording'))
      cycle(rig)
      await until('the fault', patienceMs, () => recorder.fault() !== undefined)
      assert.match(recorder.fault() ?? '', /ENOTDIR|EEXIST/)
      rig.recordingFault = recorder.fault()
      run(rig, 9900)
      run(plain, 10_000)
      const alarms = rig.seen.at(-1)?.output.view.alarms.map(({ id }) => id) ?? []
      assert.ok(alarms.includes('supervisor:recording'), alarms.join())
      assert.deepEqual(
        [pairOf(rig, 'intake').ready, pairOf(rig, 'intake').obstacles],
        [pairOf(plain, 'intake').ready, pairOf(plain, 'intake').obstacles],
      )
      await recorder.close()
    }))
})

/** A supervisor in whose next cycle that input is latched. */
function supervisorOn(plant: Plant, state: State, input: Input, recorder: Recorder): Supervisor {
  const parts: Parts = {
    plant,
    clock: { mono: () => input.nowMs, wall: () => input.wallMs },
    latch: { take: () => input.image },
    write: () => assert.fail('nothing may be written'),
    setPace: () => undefined,
    journal: { append: () => undefined, state: () => input.journal },
    inbox: { take: () => input.orders, answer: () => undefined },
    board: { publish: () => undefined },
    lease: { now: () => input.lease },
    takeAudits: () => [],
    recorder,
  }
  return createSupervisor(parts, state)
}

/** Orders and confirms a switchover of intake, and waits for its end. */
function switchTo(rig: Rig): void {
  const reason = 'test'
  order(rig, 'anna', {
    kind: 'prepare',
    pair: 'intake',
    to: 'B',
    reason,
    dryRun: false,
    overrides: [],
  })
  runUntil(rig, () => pairOf(rig, 'intake').switchover?.evidence !== undefined)
  const { switchover } = pairOf(rig, 'intake')
  order(rig, 'anna', {
    kind: 'confirm',
    switchover: switchover?.id ?? '',
    evidenceHash: switchover?.evidence?.hash ?? '',
    typedName: 'intake',
    reason,
    reauthenticated: true,
  })
  runUntil(rig, () => pairOf(rig, 'intake').primary === 'B')
}

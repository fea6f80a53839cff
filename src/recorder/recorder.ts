// Keeps the last inputs of the cycle in a ring of files, so that every decision can be played again. It is a guest of the
// supervisor: it takes an input and returns at once, writes later, and where the disk is slow or fails it drops cycles and says
// which. It never delays a cycle and never ends the process.

import { join } from 'node:path'
import type { Input, Output } from '../core/cycle.ts'
import type { Plant } from '../core/plant.ts'
import type { State } from '../core/state.ts'
import { type Decided, decidedOf, decisionOf } from './decision.ts'
import {
  fileSink,
  makeRoom,
  type OpenSink,
  openSegment,
  type SegmentEnd,
  segmentName,
  writeSegmentNow,
} from './segment-file.ts'
import {
  type Frame,
  frameWriter,
  type Gap,
  type Head,
  type Line,
  lineText,
  openingLines,
  plantToRecord,
} from './segment-lines.ts'

export type RecorderOptions = {
  readonly plant: Plant
  readonly version: string
  /** Created when it is not there. */
  readonly folder: string
  /** Older segments are removed, hours. */
  readonly keepH: number
  /** All segments together, MB of 10^6 bytes. */
  readonly maxMb: number
  /** A segment takes so much time of the monotonic clock, ms; default 5 min. */
  readonly segmentMs?: number
  /** Cycles that may wait for the disk; default 300. */
  readonly waitingMax?: number
  /** After a refusal of the disk, wait so long before the next try, ms; default 10 s. */
  readonly retryMs?: number
  /** `close` gives up what is not written by then, ms; default 2 s. */
  readonly closeWithinMs?: number
  readonly openSink?: OpenSink
  /** Told once for every gap, when it has ended. */
  readonly onGap: (text: string) => void
}

export type Recorder = {
  /** Takes one cycle: the state before it, its input, its output. Nothing of them may be changed afterwards. */
  take(before: State, input: Input, output: Output): void
  /** Writes at once the input on which the decision failed: the process is about to end. Never throws. */
  died(before: State, input: Input): void
  /** Why nothing is being recorded now; one line for people. */
  fault(): string | undefined
  /** Writes what waits, within the limit. */
  close(): Promise<void>
}

export function openRecorder(options: RecorderOptions): Recorder {
  return new Ring(options)
}

type Taken = {
  /** Kept for the first cycle of a segment only. */
  readonly before: State
  readonly input: Input
  readonly decided: Decided
  readonly gap?: Gap
}

/** Bytes of text in a segment for each byte that the ring may hold: eight segments or more, even if nothing could be compressed. */
const segmentsMin = 8
const flushEveryMs = 1000
const pairsAtOnce = 20

class Ring implements Recorder {
  readonly #options: RecorderOptions
  #waiting: Taken[] = []
  #working: Promise<void> | undefined
  #segment: Segment | undefined
  #gap: Gap | undefined
  #fault: string | undefined
  #retryAtMs = Number.NEGATIVE_INFINITY
  #closed = false
  #abandoned = false

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  take(before: State, input: Input, output: Output): void {
    if (this.#closed) return
    const obstacle = this.#obstacle(input.nowMs)
    if (obstacle !== undefined) {
      this.#miss(input.cycle, obstacle)
      return
    }
    const gap = this.#gap
    this.#gap = undefined
    this.#waiting.push({ before, input, decided: decidedOf(output), ...(gap && { gap }) })
    this.#working ??= this.#work()
  }

  died(before: State, input: Input): void {
    try {
      const opening = openingLines(this.#head(before, input), before)
      const lines = [...opening, frameWriter()({ input })]
      writeSegmentNow(this.#options.folder, input.wallMs, lines.map(lineText).join(''))
    } catch {
      // The failure that ends the process must be told, not this one.
    }
  }

  fault(): string | undefined {
    return this.#fault
  }

  async close(): Promise<void> {
    this.#closed = true
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((done) => {
      timer = setTimeout(done, this.#options.closeWithinMs ?? 2000)
    })
    const ended = (async () => {
      await this.#working
      await this.#segment?.end.close()
    })().catch(() => undefined)
    await Promise.race([ended, late])
    clearTimeout(timer)
    this.#abandoned = true
    this.#segment?.end.abandon()
  }

  /** Why the cycle cannot be taken. */
  #obstacle(nowMs: number): string | undefined {
    if (nowMs < this.#retryAtMs) return this.#fault ?? 'the disk refuses'
    const { length } = this.#waiting
    // Once cycles are missing, what waits is written first: the next one then begins a segment with its whole state.
    if (this.#gap !== undefined && length > 0) return this.#gap.why
    return length >= (this.#options.waitingMax ?? 300) ? 'the disk does not keep up' : undefined
  }

  #miss(cycle: number, why: string): void {
    this.#fault = why
    const { fromCycle, toCycle } = this.#gap ?? { fromCycle: cycle, toCycle: cycle }
    this.#gap = { fromCycle: Math.min(fromCycle, cycle), toCycle: Math.max(toCycle, cycle), why }
  }

  /** Writes what waits; never rejects. */
  async #work(): Promise<void> {
    // After the cycle, not in it.
    await new Promise((resume) => setImmediate(resume))
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        if (this.#abandoned) break
        await this.#write(next)
        this.#waiting.shift()
      }
    } catch (error) {
      this.#giveUp(error)
    }
    // It may have begun one while `close` was giving up.
    if (this.#abandoned) this.#segment?.end.abandon()
    this.#working = undefined
  }

  async #write(taken: Taken): Promise<void> {
    const { input, decided, gap } = taken
    if (gap !== undefined || this.#segment === undefined || this.#isFull(this.#segment, input)) {
      await this.#segment?.end.close()
      this.#segment = undefined
      this.#segment = await this.#begin(taken)
      if (gap !== undefined) this.#options.onGap(gapText(gap))
      this.#fault = undefined
    }
    const { end, line } = this.#segment
    await end.write(lineText(line({ input, decision: decisionOf(decided) })))
    const { records, commands, answers } = decided
    const telling = records.length + commands.length + answers.length + input.orders.length > 0
    if (telling || input.nowMs - this.#segment.flushedMs >= flushEveryMs) {
      this.#segment.flushedMs = input.nowMs
      await end.flush()
    }
  }

  #isFull({ end, beganMs }: Segment, { nowMs }: Input): boolean {
    const { segmentMs = 300_000 } = this.#options
    return nowMs - beganMs >= segmentMs || end.textBytes >= this.#segmentBytesMax()
  }

  #segmentBytesMax(): number {
    return (this.#options.maxMb * 1e6) / segmentsMin
  }

  async #begin({ before, input, gap }: Taken): Promise<Segment> {
    const { folder, keepH, maxMb, openSink = fileSink } = this.#options
    const { wallMs, nowMs } = input
    const oldestMs = Date.now() - keepH * 3_600_000
    const number = await makeRoom(folder, oldestMs, maxMb * 1e6 - this.#segmentBytesMax())
    const end = openSegment(join(folder, segmentName(number, wallMs)), openSink)
    const segment = { end, line: frameWriter(), beganMs: nowMs, flushedMs: nowMs }
    try {
      let count = 0
      for (const line of openingLines(this.#head(before, input, gap), before)) {
        await end.write(lineText(line))
        count += 1
        // A large plant is written a few pairs at a time, so that no cycle waits for it.
        if (count % pairsAtOnce === 0) await new Promise((resume) => setImmediate(resume))
      }
    } catch (error) {
      end.abandon()
      throw error
    }
    return segment
  }

  #head({ owner, startedWallMs }: State, { cycle, wallMs }: Input, gap?: Gap): Head {
    const { version, plant } = this.#options
    const run = `${owner.toString(16)}-${startedWallMs}`
    const gapBefore = gap && { gap }
    return { format: 1, run, version, cycle, wallMs, ...gapBefore, plant: plantToRecord(plant) }
  }

  /** What waits is lost with the cycles that follow, until the next try. */
  #giveUp(error: unknown): void {
    const { folder, retryMs = 10_000 } = this.#options
    const reason = error instanceof Error ? error.message : String(error)
    this.#segment?.end.abandon()
    this.#segment = undefined
    const lost = this.#waiting
    this.#waiting = []
    const why = `recording ${folder}: ${reason}`
    for (const { input, gap } of lost) {
      if (gap !== undefined) this.#miss(gap.fromCycle, why)
      this.#miss(input.cycle, why)
    }
    this.#retryAtMs = (lost.at(-1)?.input.nowMs ?? 0) + retryMs
  }
}

type Segment = {
  readonly end: SegmentEnd
  readonly line: (frame: Frame) => Line
  readonly beganMs: number
  flushedMs: number
}

const gapText = ({ fromCycle, toCycle, why }: Gap): string =>
  `recording: cycles ${fromCycle} to ${toCycle} are missing: ${why}`

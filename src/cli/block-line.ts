// One unit's command block, held by hand: reads the status, writes one block and waits until a later status shows it
// judged. For `probe --block`; the supervisor has its own way, with a journal and a confirmation.

import type { StatusBlock } from '../core/block.ts'
import { readUnit } from '../core/unit-reading.ts'
import type { Driver } from '../field/driver.ts'
import { Halt } from './outcome.ts'

const clock = (): number => performance.now()
/** A unit judges within two scans; this leaves room for a slow one behind a slow network. */
const judgedWithinMs = 3000
const pauseMs = 20
/** Until then a bad block may be the half of a good one that was written in two parts. */
const halfBlockMs = 500

export type Sent = {
  readonly before: StatusBlock
  /** The first status that shows the block judged, or the last one read (the one before it) when none did. */
  readonly after: StatusBlock
  /** What came of it: the block was judged, was thrown away, or neither. `detail` says why nothing left. */
  readonly fate: 'judged' | 'thrown away' | 'nothing' | 'not sent'
  readonly detail: string
  readonly tookMs: number
  readonly inTwoWrites: boolean
}

export class BlockLine {
  readonly #driver: Driver
  readonly #device: string
  readonly #inTwoWrites: boolean
  #sent = 0

  /** @param inTwoWrites the commit word goes by itself, so that the unit may count a bad block in between */
  constructor(driver: Driver, device: string, inTwoWrites: boolean) {
    this.#driver = driver
    this.#device = device
    this.#inTwoWrites = inTwoWrites
  }

  /** The status now. @throws Halt when the unit does not answer, or when its status cannot be believed */
  async status(): Promise<StatusBlock> {
    const untilMs = clock() + judgedWithinMs
    for (;;) {
      const status = await this.#asked()
      if (typeof status !== 'string') return status
      if (clock() > untilMs) throw new Halt(`${this.#device}: ${status}`)
      await pause(pauseMs)
    }
  }

  /** Writes one block, once. Never again, whatever becomes of it. */
  async send(words: readonly number[]): Promise<Sent> {
    const before = await this.status()
    const inTwoWrites = this.#inTwoWrites
    const startMs = clock()
    this.#sent += 1
    const note = await this.#driver.write({
      commandId: `probe-${this.#sent}`,
      words,
      deadlineMs: startMs + 1000,
    })
    if (note.fate === 'dropped') {
      const { detail } = note
      return { before, after: before, fate: 'not sent', detail, tookMs: 0, inTwoWrites }
    }
    const { after, fate } = await this.#judged(before, words)
    const tookMs = Math.round(clock() - startMs)
    return { before, after, fate, detail: note.detail, tookMs, inTwoWrites }
  }

  /** Reads until `holds` or until the time is over; a unit that starts meanwhile does not answer for a while. */
  async until(
    holds: (status: StatusBlock) => boolean,
    limitMs: number,
  ): Promise<StatusBlock | undefined> {
    const untilMs = clock() + limitMs
    for (;;) {
      const status = await this.#asked()
      if (typeof status !== 'string' && holds(status)) return status
      if (clock() > untilMs) return undefined
      await pause(pauseMs)
    }
  }

  async #asked(): Promise<StatusBlock | string> {
    const scan = await this.#driver.glance()
    if (scan.kind === 'failed') return `${scan.fault}: ${scan.detail}`
    const reading = readUnit(scan.values)
    if (typeof reading === 'string') return `not believed: ${reading}`
    return reading.status ?? 'it has no command block of ours'
  }

  async #judged(
    before: StatusBlock,
    words: readonly number[],
  ): Promise<Pick<Sent, 'after' | 'fate'>> {
    const [seq] = words.slice(4, 5)
    const startMs = clock()
    const graceMs = this.#inTwoWrites ? halfBlockMs : 0
    for (;;) {
      const status = await this.#asked()
      const after = typeof status === 'string' ? before : status
      const tookMs = clock() - startMs
      if (after.judged === seq && before.judged !== seq) return { after, fate: 'judged' }
      if (after.badBlocks !== before.badBlocks && tookMs >= graceMs) {
        return { after, fate: 'thrown away' }
      }
      if (tookMs > judgedWithinMs) return { after, fate: 'nothing' }
      await pause(pauseMs)
    }
  }
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

// One device over several paths. One path carries the full scans; the others are asked for a few signals each time, so that a
// dead spare is known before it is needed. When the carrying path fails or dawdles, the same scan is taken over another one, so
// that nothing is missing from the image. Nothing is preferred afterwards: a path that works keeps the unit.

import assert from 'node:assert/strict'
import type { Answered, PathReport, Scan, WriteNote } from '../core/image.ts'
import type { Device, Path } from '../core/plant.ts'
import type { BlockWrite, Driver } from './driver.ts'

export type PathsDriver = Driver & {
  /** How each path stands now, in the order of the plant file. */
  reports(): readonly PathReport[]
}

export type PathsOptions = {
  readonly device: Device
  /** Monotonic ms. */
  readonly clock: () => number
  readonly open: (path: Path) => Driver
  /** Why an answer is another device's; such a path is not used while another one is sound. */
  readonly refuse?: (scan: Answered) => string | undefined
}

/** Starts to connect every path at once. */
export const pathsDriver = (options: PathsOptions): PathsDriver => new SeveralPaths(options)

type Way = {
  readonly name: string
  readonly driver: Driver
  /** The reading or glance that is out. */
  out: Promise<Scan> | undefined
  up?: boolean
  changedMs: number
  roundTripMs?: number
  /** The last readings since the first answer, true for an answer, newest last. */
  outcomes: boolean[]
  fault?: string
  refused?: string
  newest?: Answered
}

/** Readings that the loss is counted over. */
const lossWindow = 100

class SeveralPaths implements PathsDriver {
  readonly #options: PathsOptions
  readonly #ways: readonly Way[]
  #carrier: Way
  #writing = false

  constructor(options: PathsOptions) {
    const { device, clock, open } = options
    this.#options = options
    this.#ways = device.paths.map((path) => ({
      name: path.name,
      driver: open(path),
      out: undefined,
      changedMs: clock(),
      outcomes: [],
    }))
    const [first] = this.#ways
    assert(first !== undefined, `${device.id} has no path`)
    this.#carrier = first
  }

  async read(sample: boolean, detail = false): Promise<Scan> {
    const carrier = this.#carrier
    const reading = this.#readOn(carrier, sample, detail)
    if (this.#ways.length === 1) return reading
    const early = await this.#within(reading, this.#patienceMs(carrier))
    if (early !== undefined && this.#isSound(carrier, early)) {
      if (sample) for (const spare of this.#spares()) void this.#glanceOn(spare)
      return early
    }
    return this.#readAnywhere(carrier, reading, sample)
  }

  glance(): Promise<Scan> {
    return this.#glanceOn(this.#carrier)
  }

  /** Goes over the carrying path; over another one only when no byte of it has left. One command at a time. */
  async write(block: BlockWrite): Promise<WriteNote> {
    const { commandId } = block
    if (this.#writing) {
      const atMs = this.#options.clock()
      return { commandId, fate: 'dropped', atMs, detail: 'another command is under way' }
    }
    this.#writing = true
    const tried = [this.#carrier, ...this.#spares().filter(({ up }) => up === true)]
    let note: WriteNote | undefined
    for (const way of tried) {
      note = await way.driver.write(block)
      if (note.fate !== 'dropped') break
    }
    this.#writing = false
    assert(note !== undefined)
    return note
  }

  reports(): readonly PathReport[] {
    return this.#ways.map((way) => {
      const { name, up, changedMs, roundTripMs, outcomes, fault, refused, newest } = way
      return {
        name,
        carries: way === this.#carrier,
        ...(up !== undefined && { up }),
        changedMs,
        ...(roundTripMs !== undefined && { roundTripMs }),
        lossPct: up === false && newest === undefined ? 100 : lossOf(outcomes),
        ...(fault !== undefined && { fault }),
        ...(refused !== undefined && { refused }),
        ...(newest !== undefined && { newest }),
      }
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#ways.map(({ driver }) => driver.close()))
  }

  /** The other paths, those that work first. */
  #spares(): readonly Way[] {
    const rank = ({ up, refused }: Way): number =>
      refused !== undefined ? 2 : up === false ? 1 : 0
    return this.#ways
      .filter((way) => way !== this.#carrier)
      .toSorted((one, other) => rank(one) - rank(other))
  }

  /** How long the carrying path may take before another one is asked too: the scan must still end before the next begins. */
  #patienceMs({ roundTripMs, up }: Way): number {
    if (up === false) return 0
    const { scanMs } = this.#options.device
    return Math.min(0.4 * scanMs, Math.max(20, 4 * (roundTripMs ?? scanMs)))
  }

  async #readAnywhere(carrier: Way, reading: Promise<Scan>, sample: boolean): Promise<Scan> {
    const readings = [
      { way: carrier, scan: reading },
      ...this.#spares().map((way) => ({ way, scan: this.#readOn(way, sample) })),
    ]
    const sound = readings.map(async ({ way, scan }) => {
      const ended = await scan
      if (!this.#isSound(way, ended)) throw new Error('not sound')
      return { way, ended }
    })
    const first = await Promise.any(sound).catch(() => undefined)
    if (first !== undefined) {
      this.#carry(first.way)
      return first.ended
    }
    const scans = await Promise.all(readings.map(({ scan }) => scan))
    // Another device's answer is handed on when there is nothing better: it is told as what it is.
    return scans.find((scan) => scan.kind === 'answered') ?? (await reading)
  }

  #carry(way: Way): void {
    if (way === this.#carrier) return
    const nowMs = this.#options.clock()
    this.#carrier.changedMs = nowMs
    way.changedMs = nowMs
    this.#carrier = way
  }

  #isSound = (way: Way, scan: Scan): boolean =>
    scan.kind === 'answered' && way.refused === undefined

  /** A path that is still busy with something is asked as soon as it is through. */
  async #readOn(way: Way, sample: boolean, detail = false): Promise<Scan> {
    while (way.out !== undefined) await way.out
    return this.#ask(way, way.driver.read(sample, detail))
  }

  async #glanceOn(way: Way): Promise<Scan> {
    if (way.out !== undefined) return way.out
    return this.#ask(way, way.driver.glance())
  }

  #ask(way: Way, asked: Promise<Scan>): Promise<Scan> {
    const { clock } = this.#options
    const askedMs = clock()
    const out = asked.then((scan) => {
      way.out = undefined
      this.#note(way, scan, clock() - askedMs)
      return scan
    })
    way.out = out
    return out
  }

  /** A scan may be as old as what a subscription told last; how quick a path is shows in the time that the reading took. */
  #note(way: Way, scan: Scan, tookMs: number): void {
    if (scan.kind === 'failed' && scan.fault === 'not-asked') return
    const answered = scan.kind === 'answered'
    // Until the first answer the connection is being made: that is no loss.
    if (answered || way.newest !== undefined) way.outcomes.push(answered)
    if (way.outcomes.length > lossWindow) way.outcomes.shift()
    const refused = answered ? this.#options.refuse?.(scan) : way.refused
    if (way.up !== answered || way.refused !== refused) way.changedMs = this.#options.clock()
    way.up = answered
    setOrDelete(way, 'refused', refused)
    setOrDelete(way, 'fault', answered ? undefined : `${scan.fault}: ${scan.detail}`)
    if (!answered) return
    way.roundTripMs = tookMs
    way.newest = scan
  }

  /** The scan, or undefined when it takes longer. */
  #within(reading: Promise<Scan>, ms: number): Promise<Scan | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), ms)
      void reading.then((scan) => {
        clearTimeout(timer)
        resolve(scan)
      })
    })
  }
}

function lossOf(outcomes: readonly boolean[]): number {
  const lost = outcomes.filter((answered) => !answered).length
  return outcomes.length === 0 ? 0 : Math.round((100 * lost) / outcomes.length)
}

function setOrDelete<Key extends 'fault' | 'refused'>(
  way: Way,
  key: Key,
  value: string | undefined,
): void {
  if (value === undefined) delete way[key]
  else way[key] = value
}

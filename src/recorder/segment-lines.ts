// One segment of a recording as lines of text: a head, the whole state before its first cycle, and then a frame for each cycle,
// told as what changed since the frame before. A segment needs nothing else to be replayed: no other segment, no plant file.

import type { Input } from '../core/cycle.ts'
import type { Path, Plant } from '../core/plant.ts'
import type { PairState, State } from '../core/state.ts'
import type { Decision } from './decision.ts'
import { applied, type Difference, differenceOf } from './difference.ts'
import { fromText, toText } from './exact.ts'
import { type PackedImage, packImage, unpackImage } from './packed-image.ts'

export type Gap = {
  readonly fromCycle: number
  readonly toCycle: number
  readonly why: string
}

export type Head = {
  readonly format: 1
  /** One start of a supervisor: its owner number and when it started. Cycles are counted from 1 in each. */
  readonly run: string
  readonly version: string
  /** The first cycle, and its wall clock, Unix ms. */
  readonly cycle: number
  readonly wallMs: number
  /** What was not recorded just before this segment. */
  readonly gap?: Gap
  readonly plant: Plant
}

/** Without a decision: the input ended the process. */
export type Frame = { readonly input: Input; readonly decision?: Decision }

export type Line =
  | { readonly head: Head }
  /** Everything of the state but its pairs, which follow one by one. */
  | { readonly state: Omit<State, 'pairs'> }
  | { readonly pair: string; readonly is: PairState }
  | { readonly frame: Difference }

export const lineText = (line: Line): string => `${toText(line)}\n`

/** Throws SyntaxError for a line that is not of a recording. */
export function lineOf(text: string): Line {
  const line = fromText(text)
  const known = typeof line === 'object' && line !== null
  if (known && ('head' in line || 'state' in line || 'pair' in line || 'frame' in line)) {
    return line as Line
  }
  throw new SyntaxError('not a line of a recording')
}

/** What stands before the first frame; a large plant is many lines. */
export function* openingLines(head: Head, { pairs, ...state }: State): Generator<Line> {
  yield { head }
  yield { state }
  for (const [pair, is] of Object.entries(pairs)) yield { pair, is }
}

/** Without what only the field needs to know, which would be most of it. */
export const plantToRecord = (plant: Plant): Plant => ({
  ...plant,
  devices: Object.fromEntries(
    Object.entries(plant.devices).map(([id, device]) => [
      id,
      { ...device, derived: [], glance: [], paths: device.paths.map(withoutSignals) },
    ]),
  ),
})

const withoutSignals = (path: Path): Path => ({ ...path, signals: [] })

type PackedFrame = {
  readonly input: Omit<Input, 'image'> & { readonly image: PackedImage }
  readonly decision?: Decision
}

/** Turns the frames of one segment into lines; the first one is told whole. */
export function frameWriter(): (frame: Frame) => Line {
  let before: PackedFrame | undefined
  return ({ input, decision }) => {
    const packed = {
      input: { ...input, image: packImage(input.image) },
      ...(decision && { decision }),
    }
    const frame = differenceOf(before, packed)
    before = packed
    return { frame: frame ?? [packed] }
  }
}

/** The way back. Throws SyntaxError for a difference that does not fit. */
export function frameReader(): (difference: Difference) => Frame {
  let before: PackedFrame | undefined
  return (difference) => {
    before = applied(before, difference) as PackedFrame
    const { input, decision } = before
    return {
      input: { ...input, image: unpackImage(input.image) },
      ...(decision && { decision }),
    }
  }
}

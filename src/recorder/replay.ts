// Plays recorded inputs through `step` and compares what it decides with what was decided then. Each segment begins with the whole
// state, so a replay can begin anywhere; where one segment follows the other, the state that was reached is compared too.

import type { Input, Output } from '../core/cycle.ts'
import type { Plant } from '../core/plant.ts'
import type { State } from '../core/state.ts'
import { step } from '../core/step.ts'
import { decidedOf, decisionOf } from './decision.ts'
import { placesOf } from './difference.ts'
import { headOf, type Opening, readSegment, segmentsOf } from './reading.ts'
import type { SegmentFile } from './segment-file.ts'

export type Range = {
  /** Unix ms, both ends included. */
  readonly fromMs?: number
  readonly toMs?: number
}

/** What a replay comes upon, in its order. */
export type Found =
  /** A supervisor's start, or a segment whose program or plant is another than before. */
  | { readonly kind: 'run'; readonly opening: Opening }
  | {
      readonly kind: 'cycle'
      readonly before: State
      readonly input: Input
      readonly output: Output
      /** False for the cycles that were only played to reach the state at `fromMs`. */
      readonly asked: boolean
    }
  | { readonly kind: 'gap'; readonly text: string }
  /** The input on which the supervisor ended, and how it ends now. */
  | { readonly kind: 'died'; readonly input: Input; readonly text: string }
  | { readonly kind: 'difference'; readonly difference: Difference }

export type Difference = {
  readonly run: string
  readonly cycle: number
  readonly wallMs: number
  /** The output of the cycle, or the state before it. */
  readonly of: 'output' | 'state'
  readonly places: readonly {
    readonly place: string
    readonly recorded: unknown
    readonly replayed: unknown
  }[]
}

const placesMax = 8

/**
 * Plays a segment file or a folder of them, and ends with the first difference. Cycles before `fromMs` are played to reach the
 * state and compared, but not told. Throws RecordingError when there is nothing to read.
 */
export async function* replay(path: string, range: Range = {}): AsyncGenerator<Found> {
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = range
  const segments = await within(await segmentsOf(path), fromMs)
  let at: Position | undefined
  for (const segment of segments) {
    for await (const part of readSegment(segment)) {
      if (part.kind === 'damage') yield { kind: 'gap', text: part.text }
      else if (part.kind === 'opening') {
        const joined = join(at, part.opening)
        yield* joined.found
        if (joined.found.some(({ kind }) => kind === 'difference')) return
        at = joined.at
      } else if (at !== undefined) {
        const { input, decision } = part.frame
        if (input.wallMs > toMs) return
        const before: State = at.state
        if (decision === undefined) {
          yield { kind: 'died', input, text: endingOf(before, input, at.opening.head.plant) }
          continue
        }
        const { state, output } = step(before, input, at.opening.head.plant)
        const places = placesOf(decision, decisionOf(decidedOf(output)), placesMax)
        if (places.length > 0) {
          yield { kind: 'difference', difference: differenceAt(at, input, 'output', places) }
          return
        }
        yield { kind: 'cycle', before, input, output, asked: input.wallMs >= fromMs }
        at = { ...at, state, cycle: input.cycle }
      }
    }
  }
}

function endingOf(state: State, input: Input, plant: Plant): string {
  try {
    step(state, input, plant)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return 'this program decides it without a failure'
}

type Position = { readonly opening: Opening; readonly state: State; readonly cycle: number }

/** The segments from the last one that begins at or before the time. */
async function within(
  segments: readonly SegmentFile[],
  fromMs: number,
): Promise<readonly SegmentFile[]> {
  if (fromMs === Number.NEGATIVE_INFINITY) return segments
  let first = 0
  for (const [index, segment] of segments.entries()) {
    const head = await headOf(segment)
    if (head !== undefined && head.wallMs <= fromMs) first = index
  }
  return segments.slice(first)
}

/** Goes over into the next segment: the state that was reached must be the one that was recorded. */
function join(
  at: Position | undefined,
  opening: Opening,
): { readonly at: Position; readonly found: readonly Found[] } {
  const { head, state } = opening
  const next = { opening, state, cycle: 0 }
  const before = at?.opening.head
  if (at === undefined || before?.run !== head.run) {
    return { at: next, found: [{ kind: 'run', opening }] }
  }
  if (head.cycle !== at.cycle + 1) {
    const why = head.gap?.why ?? 'they are not in the recording'
    const text = `cycles ${at.cycle + 1} to ${head.cycle - 1} are missing: ${why}`
    return { at: next, found: [{ kind: 'gap', text }] }
  }
  const places = placesOf(withPairsLast(state), withPairsLast(at.state), placesMax)
  if (places.length === 0) return { at: { ...next, cycle: at.cycle }, found: [] }
  return {
    at: next,
    found: [{ kind: 'difference', difference: differenceAt(next, head, 'state', places) }],
  }
}

/** As a recorded state is read; where the pairs stand among the other keys means nothing. */
const withPairsLast = ({ pairs, ...rest }: State): State => ({ ...rest, pairs })

const differenceAt = (
  { opening }: Position,
  { cycle, wallMs }: Pick<Input, 'cycle' | 'wallMs'>,
  of: Difference['of'],
  places: ReturnType<typeof placesOf>,
): Difference => ({
  run: opening.head.run,
  cycle,
  wallMs,
  of,
  places: places.map(({ place, before, after }) => ({ place, recorded: before, replayed: after })),
})

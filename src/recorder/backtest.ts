// Plays a recording with other settings beside the recorded ones, and tells which proposals, refusals and alarms differ. The inputs
// are those of the plant as it was: as soon as the other settings would have sent another command to a pair, that pair would have
// gone another way, and nothing that follows for it is compared.

import type { Command, Input, JournalRecord, Order, Output, RecordKind } from '../core/cycle.ts'
import type { Plant } from '../core/plant.ts'
import { rebuild } from '../core/rebuild.ts'
import type { State } from '../core/state.ts'
import { step } from '../core/step.ts'
import type { View } from '../core/view.ts'
import { type Range, replay } from './replay.ts'

export type Side = 'recorded' | 'other'

export type Contrast = {
  readonly wallMs: number
  /** Which of the two decided it; `both` did at different times. */
  readonly only: Side | 'both'
  readonly record: JournalRecord
  /** How much later the other settings decided it, ms; negative is earlier. */
  readonly laterMs?: number
}

export type Backtest = {
  readonly cycles: number
  readonly contrasts: readonly Contrast[]
  /** Pair, and from when on its commands differ, Unix ms. */
  readonly parted: ReadonlyMap<string, number>
  /** Set when the recording does not even replay with its own settings: then nothing here counts. */
  readonly broken?: { readonly cycle: number; readonly wallMs: number }
}

/** Throws RecordingError when there is nothing to read. */
export async function backtest(path: string, plant: Plant, range: Range = {}): Promise<Backtest> {
  const told: Told = { recorded: [], other: [] }
  const parted = new Map<string, number>()
  let cycles = 0
  let trial: Trial | undefined
  for await (const found of replay(path, range)) {
    if (found.kind === 'difference') {
      const { cycle, wallMs } = found.difference
      return { cycles, contrasts: contrastsOf(told), parted, broken: { cycle, wallMs } }
    }
    // After a start or a gap both begin with the same memory again.
    if (found.kind !== 'cycle') trial = undefined
    else if (found.asked) {
      const { before, input, output } = found
      trial ??= newTrial(before, input, plant)
      const other = playOther(trial, input, output, plant)
      note(told, parted, input, output, other)
      cycles += 1
    }
  }
  return { cycles, contrasts: contrastsOf(told), parted }
}

type Told = { readonly recorded: JournalRecord[]; readonly other: JournalRecord[] }

type Trial = {
  state: State
  /** The last record of both after each cycle, to tell what would be durable. */
  readonly seqs: { recorded: number; other: number }[]
  shown?: { readonly recorded: View; readonly other: View }
}

/** A preparation is told by its first phase: its claims leave, and may part the two, before there is a proposal. */
const isDecision = ({ kind, data }: JournalRecord): boolean =>
  kinds.includes(kind) || (kind === 'phase' && data.phase === 'preparing')
const kinds: readonly RecordKind[] = ['proposal', 'refusal', 'alarm', 'ended']
/** The same decision of both sides within this time is one at another time; further apart it is two. */
const sameWithinMs = 60_000

/** Pairs and UPS units that were supervised then keep their memory; new ones begin without any. */
function newTrial(before: State, { nowMs, wallMs }: Input, plant: Plant): Trial {
  const start = { owner: before.owner, nowMs, wallMs, version: '' }
  const fresh = rebuild(plant, [], start)
  const state = {
    ...before,
    pairs: { ...fresh.pairs, ...only(before.pairs, fresh.pairs) },
    ups: { ...fresh.ups, ...only(before.ups, fresh.ups) },
  }
  const last = before.nextSeq - 1
  return { state, seqs: [{ recorded: last, other: last }] }
}

const only = <T>(of: Readonly<Record<string, T>>, names: object): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(of).filter(([name]) => Object.hasOwn(names, name)))

function playOther(trial: Trial, input: Input, recorded: Output, plant: Plant): Output {
  const { durable } = input.journal
  const known = trial.seqs.findLastIndex((seq) => seq.recorded <= durable)
  trial.seqs.splice(0, Math.max(0, known))
  const { state, output } = step(
    trial.state,
    {
      ...input,
      orders: input.orders.map((order) => asShown(order, trial.shown)),
      journal: { ...input.journal, durable: trial.seqs[0]?.other ?? durable },
    },
    plant,
  )
  const last = trial.seqs.at(-1)?.recorded ?? 0
  trial.seqs.push({
    recorded: recorded.records.at(-1)?.seq ?? last,
    other: state.nextSeq - 1,
  })
  trial.state = state
  trial.shown = { recorded: recorded.view, other: output.view }
  return output
}

/** A person who confirmed exactly what was shown then confirms what would have been shown now. */
function asShown(order: Order, shown: Trial['shown']): Order {
  if (order.kind !== 'confirm' || shown === undefined) return order
  const hashIn = (view: View): string | undefined =>
    view.pairs.find(({ switchover }) => switchover?.id === order.switchover)?.switchover?.evidence
      ?.hash
  const other = hashIn(shown.other)
  if (other === undefined || hashIn(shown.recorded) !== order.evidenceHash) return order
  return { ...order, evidenceHash: other }
}

function note(
  told: Told,
  parted: Map<string, number>,
  { wallMs }: Input,
  recorded: Output,
  other: Output,
): void {
  const counts = (record: JournalRecord): boolean =>
    isDecision(record) && (record.pair === undefined || !parted.has(record.pair))
  told.recorded.push(...recorded.records.filter(counts))
  told.other.push(...other.records.filter(counts))
  const pairs = new Set([...recorded.commands, ...other.commands].map(({ pair }) => pair))
  for (const pair of pairs) {
    const same = wordsTo(pair, recorded.commands) === wordsTo(pair, other.commands)
    if (!same && !parted.has(pair)) parted.set(pair, wallMs)
  }
}

/** Words of a command block before those of its evidence (docs/protocols.md), which differ with the settings. */
const askingWords = 11

const wordsTo = (pair: string, commands: readonly Command[]): string =>
  commands
    .filter((one) => one.pair === pair)
    .map(({ unit, words }) => `${unit} ${words.slice(0, askingWords).join()}`)
    .join(';')

function contrastsOf({ recorded, other }: Told): readonly Contrast[] {
  const waiting = new Map<string, JournalRecord[]>()
  for (const record of other) {
    const key = keyOf(record)
    waiting.set(key, [...(waiting.get(key) ?? []), record])
  }
  const contrasts: Contrast[] = []
  for (const record of recorded) {
    const { wallMs } = record
    const candidates = waiting.get(keyOf(record)) ?? []
    const near = candidates.findIndex((one) => Math.abs(one.wallMs - wallMs) <= sameWithinMs)
    const [match] = near < 0 ? [] : candidates.splice(near, 1)
    if (match === undefined) contrasts.push({ wallMs, only: 'recorded', record })
    else if (match.wallMs !== wallMs) {
      contrasts.push({ wallMs, only: 'both', record, laterMs: match.wallMs - wallMs })
    }
  }
  for (const record of [...waiting.values()].flat()) {
    contrasts.push({ wallMs: record.wallMs, only: 'other', record })
  }
  return contrasts.sort((one, two) => one.wallMs - two.wallMs)
}

/** What makes two decisions the same one: their figures may differ. */
function keyOf({ kind, pair, text, data }: JournalRecord): string {
  if (kind === 'alarm') return `alarm ${data.id} ${data.event}`
  return `${kind} ${pair} ${text.replaceAll(/\d+(?:\.\d+)?/g, '#')}`
}

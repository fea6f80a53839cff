// The cycle: latch, step, record, command, answer, show. Everything around it is handed in by cli/run.ts, so
// that this file is the whole of what happens in a cycle and nothing in it waits.

import type { LeaseSource } from './cluster/lease.ts'
import type {
  Audit,
  Command,
  Input,
  JournalRecord,
  JournalState,
  Order,
  Output,
} from './core/cycle.ts'
import type { Image, WriteNote } from './core/image.ts'
import type { DeviceId, Plant } from './core/plant.ts'
import type { State } from './core/state.ts'
import { step } from './core/step.ts'
import type { View } from './core/view.ts'

export type Parts = {
  readonly plant: Plant
  readonly clock: { mono(): number; wall(): number }
  readonly latch: { take(): Image }
  readonly write: (device: DeviceId, command: Command) => Promise<WriteNote>
  readonly setPace: (pair: string, periodMs: number, detail: boolean) => void
  readonly journal: { append(records: readonly JournalRecord[]): void; state(): JournalState }
  readonly inbox: {
    take(): readonly Order[]
    answer(answers: readonly { orderId: string }[]): void
  }
  readonly board: { publish(view: View): void }
  readonly lease: LeaseSource
  /** Takes what the doors want in the journal since the last cycle. */
  readonly takeAudits: () => readonly Audit[]
  /** Takes every cycle for replay; absent: nothing is recorded. */
  readonly recorder?: {
    take(before: State, input: Input, output: Output): void
    died(before: State, input: Input): void
    fault(): string | undefined
  }
  /** Why no history is kept; absent: nobody asked for one. */
  readonly historyFault?: () => string | undefined
  /** Sees every record as it is handed to the journal, for the log. */
  readonly onRecords?: (records: readonly JournalRecord[]) => void
}

export type Supervisor = {
  /** Runs one cycle; `lateMs` is how much later than planned it starts. */
  cycle(lateMs: number): View
  state(): State
}

export function createSupervisor(parts: Parts, first: State): Supervisor {
  const { plant, clock, latch, journal, inbox, board, lease, recorder } = parts
  let state = first
  let count = 0
  let notes: WriteNote[] = []

  const command = (one: Command) => {
    void parts.write(one.device, one).then((note) => void notes.push(note))
  }

  const decide = (before: State, input: Input): ReturnType<typeof step> => {
    try {
      return step(before, input, plant)
    } catch (fault) {
      recorder?.died(before, input)
      throw fault
    }
  }

  return {
    state: () => state,
    cycle(lateMs) {
      count += 1
      const writes = notes
      notes = []
      const recordingFault = recorder?.fault()
      const historyFault = parts.historyFault?.()
      const input: Input = {
        cycle: count,
        nowMs: clock.mono(),
        wallMs: clock.wall(),
        lateMs,
        image: latch.take(),
        writes,
        orders: inbox.take(),
        lease: lease.now(),
        journal: journal.state(),
        audits: parts.takeAudits(),
        ...(recordingFault !== undefined && { recordingFault }),
        ...(historyFault !== undefined && { historyFault }),
      }
      const before = state
      const { state: next, output } = decide(before, input)
      state = next
      journal.append(output.records)
      if (output.records.length > 0) parts.onRecords?.(output.records)
      for (const one of output.commands) command(one)
      inbox.answer(output.answers)
      board.publish(output.view)
      for (const [pair, periodMs] of Object.entries(output.pace))
        parts.setPace(pair, periodMs, output.detail.includes(pair))
      recorder?.take(before, input, output)
      return output.view
    },
  }
}

/** Runs the cycle on a drift-free grid until `stop`; a fault of ours ends the process, loudly. `onCycle` hears how each one was. */
export function runCycles(
  supervisor: Supervisor,
  cycleMs: number,
  mono: () => number,
  onCycle: (lateMs: number, tookMs: number) => void = () => {},
): { stop(): void } {
  let dueMs = mono()
  let timer: NodeJS.Timeout | undefined
  const beat = () => {
    const nowMs = mono()
    const lateMs = Math.max(0, nowMs - dueMs)
    supervisor.cycle(lateMs)
    onCycle(lateMs, mono() - nowMs)
    // After a stall the missed cycles are left out: they would decide on nothing new.
    const missed = Math.floor(Math.max(0, mono() - dueMs) / cycleMs)
    dueMs += (missed + 1) * cycleMs
    timer = setTimeout(beat, Math.max(0, dueMs - mono()))
  }
  beat()
  return { stop: () => clearTimeout(timer) }
}

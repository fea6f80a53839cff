// Follows one switchover to its end: reads it four times a second, which is often enough for a person and light for the service,
// and prints each step once as it ends, with the running one rewritten in place on a screen.

import type { EndedView, PairView, StepView, SwitchoverView } from '../core/view.ts'
import type { Client } from './client.ts'
import { pause } from './feed.ts'
import { type ExitCode, exitCode, isUnreachable } from './outcome.ts'
import { stepLine } from './progress-text.ts'
import { reportLines } from './report-text.ts'
import { isBothOrNone, pairTable, sentenceLines } from './status-text.ts'
import { wrap } from './table.ts'
import { screenOf, type Terminal } from './terminal.ts'

export type Change =
  | { readonly kind: 'now'; readonly switchover: SwitchoverView }
  | { readonly kind: 'ended'; readonly ended: EndedView }
  | { readonly kind: 'gone' }
  | { readonly kind: 'lost'; readonly text: string }

const readEveryMs = 250

/** The switchover as it is read, again and again, until it has ended or `signal` comes. A loss of the service is told once. */
export async function* readings(
  client: Client,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Change, void, undefined> {
  let isLost = false
  while (!signal.aborted) {
    try {
      const { switchover, ended } = await client.switchover(id)
      isLost = false
      if (ended) return yield { kind: 'ended', ended }
      if (!switchover) return yield { kind: 'gone' }
      yield { kind: 'now', switchover }
    } catch (fault) {
      if (!isUnreachable(fault)) throw fault
      if (!isLost) yield { kind: 'lost', text: fault instanceof Error ? fault.message : '' }
      isLost = true
    }
    await pause(readEveryMs, signal)
  }
}

/** Prints the steps of one switchover as they come; keeps what it has printed. */
export type StepPrinter = { readonly show: (steps: readonly StepView[]) => void }

export function makeStepPrinter(terminal: Terminal): StepPrinter {
  const printed = new Set<number>()
  let running: { index: number; sinceMs: number } | undefined
  const screen = screenOf(terminal)

  const show = (steps: readonly StepView[]): void => {
    terminal.control('\r\u001b[K')
    steps.forEach((step, index) => {
      if (printed.has(index) || (step.state !== 'ok' && step.state !== 'failed')) return
      printed.add(index)
      terminal.out(stepLine(step, index + 1, screen))
    })
    const index = steps.findIndex((step) => step.state === 'now')
    const step = steps[index]
    if (step === undefined) return
    if (running?.index !== index) {
      running = { index, sinceMs: performance.now() }
      if (!terminal.isScreen) terminal.out(stepLine(step, index + 1, screen))
    }
    const elapsedMs = performance.now() - running.sinceMs
    const narrow = { ...screen, width: screen.width - 1 }
    terminal.control(stepLine(step, index + 1, narrow, elapsedMs))
  }
  return { show }
}

/** How a switchover ended in words, the table as it is now, and the exit code that says the same. */
export async function conclude(
  client: Client,
  terminal: Terminal,
  pairName: string,
  id: string,
  ended: EndedView,
  exitWhenRefused: ExitCode,
): Promise<ExitCode> {
  const screen = screenOf(terminal)
  const by = ended.by ? ` (${ended.by})` : ''
  const lines = wrap(`${id} ${ended.outcome}: ${ended.text}${by}`, screen.width)
  const isBad = ended.outcome === 'stopped'
  for (const line of lines) terminal.out(isBad ? terminal.paint.alarm(line) : line)
  for (const line of reportLines(ended, screen)) terminal.out(line)
  const pair = await pairNow(client, pairName)
  if (pair) {
    for (const line of [...pairTable([pair], screen), ...sentenceLines(pair, screen)])
      terminal.out(line)
    if (isBothOrNone(pair)) return exitCode.bothOrNone
  }
  return exitOf[ended.outcome] ?? exitWhenRefused
}

export const pairNow = async (client: Client, name: string): Promise<PairView | undefined> =>
  (await client.plant()).pairs.find((pair) => pair.name === name)

const exitOf: Readonly<Record<EndedView['outcome'], ExitCode | undefined>> = {
  done: exitCode.ok,
  // By an obstacle while preparing or by a person: the caller knows which.
  refused: undefined,
  expired: exitCode.aborted,
  revoked: exitCode.aborted,
  aborted: exitCode.aborted,
  stopped: exitCode.failed,
}

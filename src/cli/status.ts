// `status [PAIR]`: the plant once, as a table, or the same as JSON.

import type { PairView } from '../core/view.ts'
import { type Client, pairNamed } from './client.ts'
import { qualifyingTable } from './fitness-text.ts'
import { type ExitCode, exitCode } from './outcome.ts'
import { reportLines } from './report-text.ts'
import {
  isBothOrNone,
  pairTable,
  pathLines,
  type Screen,
  sentenceLines,
  statusLines,
} from './status-text.ts'
import { clockText, wrap } from './table.ts'
import { screenOf, type Terminal } from './terminal.ts'

/** Exit code 5 when a pair that is shown has both units active, or none; 0 otherwise. */
export async function status(
  client: Client,
  terminal: Terminal,
  pairName: string | undefined,
  options: { json?: boolean },
): Promise<ExitCode> {
  const view = await client.plant()
  const one = pairName === undefined ? undefined : pairNamed(view, pairName)
  const screen = screenOf(terminal)
  if (options.json) terminal.json(one ?? view)
  else if (one) for (const line of pairLines(one, screen)) terminal.out(line)
  else for (const line of statusLines(view, view.pairs, screen)) terminal.out(line)
  const shown = one ? [one] : view.pairs
  return shown.some(isBothOrNone) ? exitCode.bothOrNone : exitCode.ok
}

const pairLines = (pair: PairView, screen: Screen): string[] => [
  ...pairTable([pair], screen),
  ...sentenceLines(pair, screen),
  ...qualifyingTable(pair, screen),
  '',
  ...pathLines(pair, screen),
  ...lastLines(pair, screen),
]

/** How the last switchover ended and what it did; nothing where there was none. */
function lastLines({ lastEnded: [last] }: PairView, screen: Screen): string[] {
  if (last === undefined) return []
  const { id, outcome, text, endedWallMs } = last
  return [
    '',
    ...wrap(`${id} ${outcome} at ${clockText(endedWallMs)}: ${text}`, screen.width),
    ...reportLines(last, screen),
  ]
}

// `resolve PAIR retry|restore|adopt|resume`: what a person decides for a pair that stopped or is held. All but `resume` go
// through evidence and a confirmation of their own.

import { carryOut } from './carry-out.ts'
import { type Client, pairNamed } from './client.ts'
import { type ExitCode, nearestWord, usageFault } from './outcome.ts'
import { pairTable, sentenceLines } from './status-text.ts'
import { screenOf, type Terminal } from './terminal.ts'

const resolveWays = ['retry', 'restore', 'adopt', 'resume'] as const

export async function resolve(
  client: Client,
  terminal: Terminal,
  pairName: string,
  way: string,
  options: { reason: string; attest?: string },
): Promise<ExitCode> {
  const known: readonly string[] = resolveWays
  if (!known.includes(way)) {
    const near = nearestWord(way, resolveWays)
    throw usageFault(
      `"${way}" is no way to resolve; ${near ? `did you mean "${near}"?` : `there are: ${resolveWays.join(', ')}`}`,
    )
  }
  if (options.reason.trim() === '') throw usageFault('--reason must say why')
  if (way !== 'resume' && !terminal.interactive)
    throw usageFault(
      `${way} asks for a confirmation and this is not a terminal; nothing was ordered`,
    )
  const pair = pairNamed(await client.plant(), pairName)
  const screen = screenOf(terminal)
  for (const line of [...pairTable([pair], screen), ...sentenceLines(pair, screen)])
    terminal.out(line)
  const attest = options.attest === undefined ? {} : { attest: options.attest }
  return carryOut(client, terminal, pair.name, {
    path: `pairs/${encodeURIComponent(pair.name)}/resolve`,
    body: { way, reason: options.reason, ...attest },
    reason: options.reason,
  })
}

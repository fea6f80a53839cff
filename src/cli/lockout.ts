// `lockout` and `out-of-service`: a pair or a unit that must not be switched, with the reason and the person, until it is
// taken off again. Monitoring goes on.

import { exitOfReply } from './carry-out.ts'
import { type Client, pairNamed } from './client.ts'
import { type ExitCode, usageFault } from './outcome.ts'
import { wrap } from './table.ts'
import type { Terminal } from './terminal.ts'

type Options = { readonly reason: string; readonly off?: boolean }

export async function lockout(
  client: Client,
  terminal: Terminal,
  pairName: string,
  options: Options,
): Promise<ExitCode> {
  const pair = pairNamed(await client.plant(), pairName)
  return send(client, terminal, `pairs/${encodeURIComponent(pair.name)}/lockout`, options)
}

export async function outOfService(
  client: Client,
  terminal: Terminal,
  pairName: string,
  unitName: string,
  options: Options,
): Promise<ExitCode> {
  const unit = unitName.toUpperCase()
  if (unit !== 'A' && unit !== 'B') throw usageFault(`"${unitName}": a unit is A or B`)
  const pair = pairNamed(await client.plant(), pairName)
  const path = `pairs/${encodeURIComponent(pair.name)}/units/${unit}/out-of-service`
  return send(client, terminal, path, options)
}

async function send(
  client: Client,
  terminal: Terminal,
  path: string,
  { off, reason }: Options,
): Promise<ExitCode> {
  if (reason.trim() === '') throw usageFault('--reason must say why; it stands in the journal')
  const reply = await client.order(path, { on: off !== true, reason })
  for (const line of wrap(reply.text || 'done', terminal.width())) terminal.out(line)
  return exitOfReply(reply)
}

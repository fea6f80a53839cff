// `lockout` and `out-of-service`: a pair or a unit that must not be switched, with the reason and the person, until it is
// taken off again. Monitoring goes on. `qualified` ends the re-qualification that follows.

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
  const path = `pairs/${encodeURIComponent(pair.name)}/lockout`
  return send(client, terminal, path, { on: options.off !== true, reason: options.reason })
}

export async function outOfService(
  client: Client,
  terminal: Terminal,
  pairName: string,
  unitName: string,
  options: Options,
): Promise<ExitCode> {
  const path = `${await unitPath(client, pairName, unitName)}/out-of-service`
  return send(client, terminal, path, { on: options.off !== true, reason: options.reason })
}

/** Ends the re-qualification of a unit before every point is met. */
export async function qualified(
  client: Client,
  terminal: Terminal,
  pairName: string,
  unitName: string,
  { reason }: Options,
): Promise<ExitCode> {
  const path = `${await unitPath(client, pairName, unitName)}/qualified`
  return send(client, terminal, path, { reason })
}

async function unitPath(client: Client, pairName: string, unitName: string): Promise<string> {
  const unit = unitName.toUpperCase()
  if (unit !== 'A' && unit !== 'B') throw usageFault(`"${unitName}": a unit is A or B`)
  const pair = pairNamed(await client.plant(), pairName)
  return `pairs/${encodeURIComponent(pair.name)}/units/${unit}`
}

async function send(
  client: Client,
  terminal: Terminal,
  path: string,
  body: { readonly on?: boolean; readonly reason: string },
): Promise<ExitCode> {
  if (body.reason.trim() === '') throw usageFault('--reason must say why; it stands in the journal')
  const reply = await client.order(path, body)
  for (const line of wrap(reply.text || 'done', terminal.width())) terminal.out(line)
  return exitOfReply(reply)
}

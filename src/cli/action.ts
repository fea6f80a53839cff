// From commander's arguments to the call of a command: the terminal and the client are opened here, the exit code is set here.

import { Command } from 'commander'
import { type Client, openClient } from './client.ts'
import { openTerminal, type Terminal, type TerminalOptions } from './terminal.ts'

/** A command that needs no session; its options come with the global ones. */
export function offline<A extends unknown[]>(
  work: (terminal: Terminal, ...given: A) => Promise<number>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1)
    if (!(command instanceof Command)) throw new Error('commander passes the command last')
    const options = command.optsWithGlobals<TerminalOptions>()
    const words = [...given.slice(0, -2), options] as A
    process.exitCode = await work(openTerminal(options), ...words)
  }
}

/** A command that talks to the service. */
export const online = <A extends unknown[]>(
  work: (client: Client, terminal: Terminal, ...given: A) => Promise<number>,
): ((...given: unknown[]) => Promise<void>) =>
  offline(async (terminal: Terminal, ...given: A) => {
    const { url } = given.at(-1) as { url?: string }
    return work(await openClient(url), terminal, ...given)
  })

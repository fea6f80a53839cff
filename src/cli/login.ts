// `login` and `logout`: gets a session from the service and keeps its token in a file that only its owner can read. The
// password is asked without echo and kept nowhere.

import { ask, linesOfStdin } from './ask.ts'
import { connect } from './client.ts'
import { type ExitCode, exitCode, Halt, usageFault } from './outcome.ts'
import { currentSession, readSession, removeSession, saveSession } from './session-file.ts'
import { clockText } from './table.ts'
import type { Terminal } from './terminal.ts'

export type LoginOptions = {
  readonly user?: string
  readonly url?: string
  readonly passwordStdin?: boolean
}

export async function login(terminal: Terminal, options: LoginOptions): Promise<ExitCode> {
  const { url } = await currentSession(options.url)
  if (!terminal.interactive && (!options.passwordStdin || !options.user))
    throw usageFault(
      'this is not a terminal, so nobody can be asked; add --user NAME --password-stdin',
    )
  const user = options.user ?? (await answerTo(terminal, `User at ${url}:`, false))
  const password = options.passwordStdin
    ? ((await linesOfStdin())[0] ?? '')
    : await answerTo(terminal, `Password of ${user}:`, true)
  const reply = await connect(url).login(user, password)
  const path = await saveSession({ url, ...reply })
  terminal.out(
    `logged in at ${url} as ${reply.user} (${reply.role}) until ${clockText(reply.expiresWallMs)}`,
  )
  terminal.out(`session kept in ${path}`)
  return exitCode.ok
}

/** Ends the session at the service and forgets it here, even when the service does not answer. */
export async function logout(terminal: Terminal): Promise<ExitCode> {
  const session = await readSession()
  if (session === undefined) {
    terminal.out('not logged in')
    return exitCode.ok
  }
  await removeSession()
  try {
    await connect(session.url, session.token).logout()
  } catch (fault) {
    if (!(fault instanceof Halt)) throw fault
    throw new Halt(`the session is forgotten here, but not ended at the service: ${fault.message}`)
  }
  terminal.out(`${session.user} is logged out at ${session.url}`)
  return exitCode.ok
}

async function answerTo(terminal: Terminal, question: string, secret: boolean): Promise<string> {
  const asked = await ask(terminal, question, { secret })
  if (asked.kind !== 'line' || asked.text === '') throw usageFault('not logged in')
  return asked.text
}

// Starts a script of this folder as a process of its own and talks to it.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

export type Child<ToChild, FromChild extends { readonly kind: string }> = {
  readonly pid: number
  send(message: ToChild): void
  /** The next message of this kind; fails when the process ends instead. */
  hear<Kind extends FromChild['kind']>(kind: Kind): Promise<Extract<FromChild, { kind: Kind }>>
  /** Sends the last message and waits for the end. */
  end(message: ToChild): Promise<void>
  signal(name: NodeJS.Signals): void
}

/** `args` are given as JSON. */
export function start<ToChild extends object, FromChild extends { readonly kind: string }>(
  script: string,
  args: object,
): Child<ToChild, FromChild> {
  const child: ChildProcess = fork(
    new URL(script, import.meta.url).pathname,
    [JSON.stringify(args)],
    { execArgv: process.execArgv },
  )
  const gone = new Promise<never>((_, fail) =>
    child.once('exit', (code, signal) => fail(new Error(`${script} ended: ${code ?? signal}`))),
  )
  gone.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    send: (message) => void child.send(message),
    hear: async (kind) => {
      for (;;) {
        const [message] = (await Promise.race([once(child, 'message'), gone])) as [FromChild]
        if (message.kind === kind) return message as Extract<FromChild, { kind: typeof kind }>
      }
    },
    end: async (message) => {
      const over = once(child, 'exit')
      child.send(message)
      await over
    },
    signal: (name) => void child.kill(name),
  }
}

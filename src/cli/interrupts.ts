// Ctrl-C, a closed terminal and a request to end, while a command waits. A command says what they mean to it: before
// the confirmation they take the proposal back; after it nothing here can stop the plant, and the command says so.

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export type Interrupts = {
  /** Aborted at the first of them; its reason is the name of the signal. */
  readonly signal: AbortSignal
  readonly [Symbol.dispose]: () => void
}

/** Takes the signals over until disposed of. A second one while the first is being handled ends the process at once. */
export function watchInterrupts(): Interrupts {
  const controller = new AbortController()
  const handle = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143)
    controller.abort(name)
  }
  for (const name of signals) process.on(name, handle)
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of signals) process.removeListener(name, handle)
    },
  }
}

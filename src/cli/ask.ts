// Asks a person one line at a time. Line-based on purpose: it works over SSH and on a serial console that reports no size,
// leaves the scrollback as a record, and a question can be taken back while it stands. What was typed before a question
// was asked does not answer it.

import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { Terminal } from './terminal.ts'

export type Asked =
  | { readonly kind: 'line'; readonly text: string }
  /** Ctrl-C, Ctrl-D, Esc, or the terminal went away: the safe answer. */
  | { readonly kind: 'left' }
  /** The question was taken back through `signal`. */
  | { readonly kind: 'withdrawn' }

export type AskOptions = { readonly signal?: AbortSignal; readonly secret?: boolean }

/** One answer, without its blanks at the ends (a secret keeps them and is not shown). */
export function ask(
  terminal: Terminal,
  question: string,
  options: AskOptions = {},
): Promise<Asked> {
  const { signal, secret = false } = options
  if (signal?.aborted) return Promise.resolve({ kind: 'withdrawn' })
  dropTypedAhead()
  const text = `${terminal.paint.letters(question)} `
  const output = secret ? silent() : process.stdout
  const lines = createInterface({
    input: process.stdin,
    output,
    terminal: true,
    historySize: 0,
    prompt: secret ? '' : text,
    escapeCodeTimeout: 100,
  })
  return new Promise((resolve) => {
    let isDone = false
    const finish = (asked: Asked, newLine: boolean): void => {
      if (isDone) return
      isDone = true
      signal?.removeEventListener('abort', withdraw)
      process.stdin.removeListener('keypress', onKey)
      lines.close()
      if (newLine) process.stdout.write('\n')
      resolve(asked)
    }
    const withdraw = (): void => finish({ kind: 'withdrawn' }, true)
    const onKey = (_: string, key: { name?: string } | undefined): void => {
      if (key?.name === 'escape') finish({ kind: 'left' }, true)
    }
    lines.once('line', (line) =>
      finish({ kind: 'line', text: secret ? line : line.trim() }, secret),
    )
    lines.once('SIGINT', () => finish({ kind: 'left' }, true))
    lines.once('close', () => finish({ kind: 'left' }, true))
    // The terminal went away while it was being read or set: nobody can answer any more.
    lines.on('error', () => finish({ kind: 'left' }, false))
    signal?.addEventListener('abort', withdraw)
    process.stdin.on('keypress', onKey)
    // Only now: before this the terminal itself would echo what is typed.
    if (secret) process.stdout.write(text)
    else lines.prompt()
  })
}

/** All of stdin, for passwords from a script: one a line. */
export async function linesOfStdin(): Promise<string[]> {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk
  return text.split(/\r?\n/)
}

function dropTypedAhead(): void {
  while (process.stdin.read() !== null);
}

const silent = (): Writable =>
  new Writable({
    write: (_chunk, _encoding, done) => {
      done()
    },
  })

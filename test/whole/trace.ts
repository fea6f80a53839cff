// Reads what strace wrote about the supervisor: which files it opened, what it wrote where, and when each call began and returned.
// Calls of several threads are interleaved, so a call may stand on two lines.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

export type Call = {
  readonly name: string
  readonly fd: number
  /** What was written; for openat the path. */
  readonly bytes: Buffer
  readonly result: number
  /** Line in the trace at which it began and returned: the order of things. */
  readonly began: number
  readonly returned: number
  /** Wall clock of both, ms. */
  readonly beganMs: number
  readonly returnedMs: number
}

/** Every sync of a traced supervisor takes so long. */
const syncMs = 150

/** Words to put in front of a command, so that its writes and syncs are written to `file`; the command keeps its own pid. */
export const straceWords = (file: string): readonly string[] => [
  'strace',
  '-D',
  '-f',
  ...['-e', 'trace=openat,fdatasync,fsync,write,writev,pwrite64,sendto,sendmsg'],
  ...['-e', 'signal=none'],
  // A slow disk, slower than a cycle: only then can a command overtake its intent.
  ...['-e', `inject=fdatasync:delay_enter=${syncMs * 1000}`],
  '-xx',
  ...['-s', '100000'],
  '-ttt',
  ...['-o', file],
]

/** Every call that returned, in the order in which they began. */
export function readTrace(file: string): readonly Call[] {
  const open = new Map<string, Begun>()
  const calls: Call[] = []
  for (const [index, line] of readFileSync(file, 'latin1').split('\n').entries()) {
    const [, thread = '', seconds = '', text = ''] = /^(\d+) +(\d+\.\d+) (.*)$/.exec(line) ?? []
    const atMs = Number(seconds) * 1000
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text)
    const begun = resumed ? open.get(thread) : { text: '', began: index, beganMs: atMs }
    if (begun === undefined) continue
    const whole = begun.text + (resumed?.[1] ?? text)
    if (whole.endsWith(' <unfinished ...>')) {
      open.set(thread, { ...begun, text: whole.slice(0, -' <unfinished ...>'.length) })
      continue
    }
    open.delete(thread)
    const call = callOf(whole)
    if (call === undefined) continue
    const { began, beganMs } = begun
    calls.push({ ...call, began, beganMs, returned: index, returnedMs: atMs })
  }
  assert.ok(calls.length > 0, `${file} holds no calls`)
  return calls.sort((one, other) => one.began - other.began)
}

type Begun = { readonly text: string; readonly began: number; readonly beganMs: number }

function callOf(text: string): Pick<Call, 'name' | 'fd' | 'bytes' | 'result'> | undefined {
  const [, name = '', words = '', result = ''] = /^(\w+)\((.*)\) += (-?\d+)/.exec(text) ?? []
  if (name === '') return undefined
  const bytes = Buffer.concat([...words.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(bytesOf))
  return { name, fd: Number.parseInt(words, 10), bytes, result: Number(result) }
}

const bytesOf = ([, escaped = '']: RegExpMatchArray): Buffer =>
  Buffer.from(escaped.replaceAll('\\x', ''), 'hex')

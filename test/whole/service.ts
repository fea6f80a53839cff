// The supervisor as a process of its own, as `bumpless run` starts it: its output, its ready line, and how it ends.

import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { resolve } from 'node:path'

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type Service = {
  readonly pid: number
  /** Address of its HTTP door, from its ready line. */
  readonly url: string
  readonly out: () => string
  readonly error: () => string
  readonly ended: Promise<Ended>
  readonly signal: (name: NodeJS.Signals) => void
}

/** A start that did not get ready. */
export class NotStarted extends Error {
  readonly end: Ended
  readonly out: string
  readonly stderr: string
  readonly tookMs: number

  constructor(end: Ended, out: string, stderr: string, tookMs: number) {
    super(`the supervisor ended with ${end.code ?? end.signal}: ${stderr || out}`)
    this.end = end
    this.out = out
    this.stderr = stderr
    this.tookMs = tookMs
  }
}

const readyLimitMs = 30_000
const mainFile = resolve(import.meta.dirname, '../../src/main.ts')

/** Starts `bumpless run --plant FILE`, with `before` (such as strace) in front. Rejects with NotStarted when it ends first. */
export async function startService(
  plantFile: string,
  before: readonly string[] = [],
): Promise<Service> {
  const startedMs = performance.now()
  const words = [...before, process.execPath, mainFile, 'run', '--plant', plantFile]
  const child = spawn(words[0] ?? '', words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { out: '', error: '' }
  const ended = new Promise<Ended>((done, fail) => {
    child.once('error', fail)
    child.once('close', (code, signal) => done({ code, signal }))
  })
  const url = await urlOf(child, text, ended).catch((fault: unknown) => {
    child.kill('SIGKILL')
    throw fault
  })
  if (typeof url !== 'string') {
    throw new NotStarted(url, text.out, text.error, performance.now() - startedMs)
  }
  return {
    pid: child.pid ?? 0,
    url,
    out: () => text.out,
    error: () => text.error,
    ended,
    signal: (name) => {
      child.kill(name)
    },
  }
}

function urlOf(
  child: ChildProcess,
  text: { out: string; error: string },
  ended: Promise<Ended>,
): Promise<string | Ended> {
  return new Promise((done, fail) => {
    const timer = setTimeout(
      () => fail(new Error(`no ready line within ${readyLimitMs} ms:\n${text.out}${text.error}`)),
      readyLimitMs,
    )
    child.stderr?.on('data', (chunk: Buffer) => {
      text.error += chunk
    })
    child.stdout?.on('data', (chunk: Buffer) => {
      text.out += chunk
      const url = /^bumpless: supervising .*(https?:\/\/\S+)$/m.exec(text.out)?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      done(url)
    })
    ended.then((end) => {
      clearTimeout(timer)
      done(end)
    }, fail)
  })
}

const givenPorts = new Set<number>()

/** A port that nobody has now; below the range from which connections get theirs, so that it is still free later. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (givenPorts.has(port) || !(await canListen(port))) continue
    givenPorts.add(port)
    return port
  }
}

function canListen(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((done) => {
    server.once('error', () => done(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => done(true))
    })
  })
}

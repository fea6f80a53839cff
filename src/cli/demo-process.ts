// A child process of the demo: started with its output in a log file, waited for until it says that it is ready, stopped in
// good order.

import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Halt } from './outcome.ts'

export type DemoProcess = {
  readonly name: string
  /** Settles when the process has ended, with how. */
  readonly ended: Promise<string>
  /** SIGTERM, then SIGKILL after ten seconds. Says how it ended. */
  readonly stop: () => Promise<string>
}

const stopWithinMs = 10_000
const linesKept = 5

/**
 * Starts `node ARGUMENTS` and waits for a line of stdout that begins with `readyLine`. Throws `Halt` with the last lines of
 * its output when it ends before, or does not get ready within `readyWithinMs`, or `interrupted` comes.
 */
export async function startDemoProcess(options: {
  name: string
  arguments: readonly string[]
  logFile: string
  readyLine: string
  readyWithinMs: number
  interrupted: AbortSignal
}): Promise<DemoProcess> {
  const { name, logFile, readyLine } = options
  // In a process group of its own: Ctrl-C reaches only the demo, which then stops its children in order.
  const child = spawn(process.execPath, [...options.arguments], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const log = createWriteStream(logFile)
  const lastLines: string[] = []
  const ended = new Promise<string>((resolve) => {
    child.once('error', (fault) => resolve(fault.message))
    child.once('close', (code, signal) => {
      log.end()
      resolve(signal ? `ended by ${signal}` : `ended with code ${code}`)
    })
  })
  const stop = async (): Promise<string> => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
    const how = await ended
    clearTimeout(timer)
    return how
  }
  const ready = new Promise<'ready'>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`)
        lastLines.push(line)
        if (lastLines.length > linesKept) lastLines.shift()
        if (line.startsWith(readyLine)) resolve('ready')
      })
  })
  const outcome = await Promise.race([ready, ended, tooLate(options)])
  if (outcome === 'ready') return { name, ended, stop }
  await stop()
  const words = lastLines.length > 0 ? `:\n  ${lastLines.join('\n  ')}` : ''
  throw new Halt(`${name} did not get ready (${outcome}), see ${logFile}${words}`)
}

function tooLate(options: { readyWithinMs: number; interrupted: AbortSignal }): Promise<string> {
  return new Promise((resolve) => {
    const text = `not within ${options.readyWithinMs / 1000} s`
    const timer = setTimeout(() => resolve(text), options.readyWithinMs)
    timer.unref()
    const stopped = (): void => resolve('interrupted')
    if (options.interrupted.aborted) stopped()
    options.interrupted.addEventListener('abort', stopped, { once: true })
  })
}

// A program of the system that a test needs: started in a folder of the test, ended by its own number, with its log at hand
// when something goes wrong.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import dgram from 'node:dgram'
import { once } from 'node:events'
import net from 'node:net'
import { until } from './devices.ts'

export type Daemon = {
  readonly pid: number
  readonly log: () => string
  /** Waits until `ready`; says the log when the program ends or takes too long. */
  readonly until: (what: string, ready: () => Promise<boolean>) => Promise<void>
  /** Holds it still, as a computer that hangs, and lets it go on. */
  readonly freeze: () => void
  readonly thaw: () => void
  readonly stop: () => Promise<void>
}

/** Starts a program that stays in the foreground. */
export function startDaemon(
  program: string,
  options: readonly string[],
  environment: Readonly<Record<string, string>>,
): Daemon {
  const env = { ...process.env, ...environment }
  const child = spawn(program, options, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  let failed: Error | undefined
  child.stdout.on('data', (bytes) => {
    log += bytes
  })
  child.stderr.on('data', (bytes) => {
    log += bytes
  })
  child.on('error', (error) => {
    failed = error
  })
  const told = (): string => `${program} ${options.join(' ')}: ${failed?.message ?? ''}\n${log}`
  return {
    pid: child.pid ?? 0,
    log: () => log,
    until: async (what, ready) => {
      try {
        await until(what, () => ended(child) || failed !== undefined || ready(), 15_000)
      } catch (error) {
        throw new Error(told(), { cause: error })
      }
      assert(!ended(child) && failed === undefined, told())
    },
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    stop: async () => {
      if (ended(child) || failed !== undefined) return
      const gone = once(child, 'exit')
      // A frozen program takes no other signal.
      child.kill('SIGCONT')
      child.kill('SIGTERM')
      const deadline = setTimeout(() => child.kill('SIGKILL'), 3000)
      await gone
      clearTimeout(deadline)
    },
  }
}

const ended = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

/** A port that was free a moment ago. */
export async function freeTcpPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  assert(typeof address === 'object' && address !== null)
  return address.port
}

export async function freeUdpPort(): Promise<number> {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}

/** True when something accepts connections there. */
export function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

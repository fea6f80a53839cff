// Starts, freezes, kills and restarts the server of opcua-server.ts, and makes the paths and devices that reach it.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs/promises'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Device, NodeSignal, OpcUaPath } from '../../src/core/plant.ts'
import { device } from './devices.ts'
import type { Order, ServerOptions, Setting, WriteSeen } from './opcua-server.ts'

const program = fileURLToPath(new URL('./opcua-server.ts', import.meta.url))

export class OpcUaRig {
  readonly folder: string
  readonly port: number
  readonly #options: ServerOptions
  #child: ChildProcess | undefined
  #printed = ''

  private constructor(folder: string, port: number, options: ServerOptions) {
    this.folder = folder
    this.port = port
    this.#options = options
  }

  /** Makes the folders; the server does not run yet. */
  static async make(options: Partial<ServerOptions> = {}): Promise<OpcUaRig> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'opcua-'))
    const port = await freePort()
    return new OpcUaRig(folder, port, {
      port,
      pki: path.join(folder, 'server-pki'),
      writesFile: path.join(folder, 'writes'),
      policies: ['None'],
      anonymous: true,
      ...options,
    })
  }

  static async start(options: Partial<ServerOptions> = {}): Promise<OpcUaRig> {
    const rig = await OpcUaRig.make(options)
    try {
      await rig.start()
    } catch (error) {
      await rig.close()
      throw error
    }
    return rig
  }

  get url(): string {
    return `opc.tcp://127.0.0.1:${this.port}`
  }

  async start(settings: readonly Setting[] = []): Promise<void> {
    const child = fork(program, [JSON.stringify(this.#options)], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (piece) => {
        this.#printed += piece
      })
    }
    this.#child = child
    const answer = await Promise.race([once(child, 'message'), once(child, 'exit')])
    if (answer[0]?.ready !== true) throw new Error(`the server did not start: ${this.#printed}`)
    if (settings.length > 0) await this.order({ set: settings })
  }

  /** Has the server do something and returns what it tells. */
  async order(order: Order): Promise<unknown> {
    const child = this.#running()
    const stop = new AbortController()
    const answered = Promise.race([once(child, 'message', stop), once(child, 'exit', stop)])
    child.send(order)
    const [answer] = await answered
    stop.abort()
    if (typeof answer !== 'object') throw new Error(`the server crashed: ${this.#printed}`)
    return answer?.told
  }

  freeze(): void {
    this.#running().kill('SIGSTOP')
  }

  thaw(): void {
    this.#running().kill('SIGCONT')
  }

  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  async writes(): Promise<readonly WriteSeen[]> {
    const text = await fs.readFile(this.#options.writesFile, 'utf8').catch(() => '')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as WriteSeen)
  }

  /** Names that tried to log in. */
  async logins(): Promise<readonly string[]> {
    const file = `${this.#options.writesFile}.logins`
    const text = await fs.readFile(file, 'utf8').catch(() => '')
    return text.split('\n').filter((line) => line !== '')
  }

  /** Ends the server and removes the folder. */
  async close(): Promise<void> {
    await this.kill()
    await fs.rm(this.folder, { recursive: true, force: true })
  }

  path(signals: readonly NodeSignal[], options: Partial<OpcUaPath> = {}): OpcUaPath {
    return {
      name: 'lan-1',
      address: this.url,
      lan: 'lan-1',
      protocol: 'opcua',
      url: this.url,
      policy: 'None',
      mode: 'none',
      pki: path.join(this.folder, 'client-pki'),
      signals,
      command: { block: 'ns=1;s=Command', commit: 'ns=1;s=Commit' },
      ...options,
    }
  }

  device(opcua: OpcUaPath, options: Partial<Device> = {}): Device {
    return device(opcua, { timeoutMs: 400, scanMs: 200, glance: ['status'], ...options })
  }

  #running(): ChildProcess {
    if (this.#child === undefined) throw new Error('the server does not run')
    return this.#child
  }
}

export const nodeSignal = (
  key: string,
  type: NodeSignal['type'],
  options: Partial<NodeSignal> = {},
): NodeSignal => ({
  key,
  type,
  node: `ns=1;s=${key}`,
  scale: 1,
  offset: 0,
  unknownWhen: [],
  ...options,
})

/** A status block of 22 words, each its number plus `base`. */
export const statusOf = (base: number): Setting => ({
  name: 'status',
  dataType: 5,
  arrayType: 1,
  value: Uint16Array.from({ length: 22 }, (_word, at) => base + at),
})
export const statusSignal = nodeSignal('status', 'words', { words: 22 })

async function freePort(): Promise<number> {
  const server = net.createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

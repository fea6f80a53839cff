// Two serial lines of this machine that are connected with each other, made by socat: what is written to one comes out of the
// other. Without baud rate or parity, but a real terminal device with locks and hang-ups.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

export class PtyPair {
  /** Paths of the two ends; they stay the same over `cut` and `mend`. */
  readonly ours: string
  readonly theirs: string
  readonly #folder: string
  #socat: ChildProcess | undefined

  private constructor(folder: string) {
    this.#folder = folder
    this.ours = path.join(folder, 'ours')
    this.theirs = path.join(folder, 'theirs')
  }

  static async open(): Promise<PtyPair> {
    const pair = new PtyPair(await fs.mkdtemp(path.join(os.tmpdir(), 'rtu-')))
    await pair.mend()
    return pair
  }

  /** Hangs both ends up, as when an adapter is unplugged: the device files are gone. */
  async cut(): Promise<void> {
    const socat = this.#socat
    if (socat === undefined) return
    this.#socat = undefined
    const exit = once(socat, 'exit')
    socat.kill('SIGTERM')
    await exit
  }

  /** Plugs the adapter in again. */
  async mend(): Promise<void> {
    const ends = [this.ours, this.theirs].map((link) => `pty,raw,echo=0,link=${link}`)
    const socat = spawn('socat', ['-d', '-d', ...ends], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#socat = socat
    let said = ''
    for await (const piece of socat.stderr
      .setEncoding('utf8')
      .iterator({ destroyOnReturn: false })) {
      said += piece
      if (said.includes('starting data transfer loop')) break
    }
    socat.stderr.resume()
    if (!said.includes('starting data transfer loop')) throw new Error(`socat said: ${said}`)
  }

  async close(): Promise<void> {
    await this.cut()
    await fs.rm(this.#folder, { recursive: true, force: true })
  }
}

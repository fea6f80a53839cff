// A practice plant and a supervisor in a process of its own, with the people who work there. Tests give orders through the HTTP
// door and judge by the truth of the practice plant, never by the supervisor's opinion.

import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Plant, type PlantOptions, startPlant } from '../../plc-sim/plant.ts'
import type { PlantState } from '../../plc-sim/state.ts'
import type { AccessRole } from '../../src/core/plant.ts'
import type { Evidence, PairView, View } from '../../src/core/view.ts'
import { hashPassword } from '../../src/serve/password.ts'
import { journalFolders, type PlantFileOptions, writePlantFile } from './plant-file.ts'
import { freePort, type Service, startService } from './service.ts'

export type Answer = {
  readonly status: number
  readonly id?: string
  readonly text: string
  readonly code?: string
  readonly difference?: readonly string[]
  readonly evidence?: Evidence
}

type Wishes = Partial<
  Pick<PlantFileOptions, 'pairs' | 'mode' | 'shipped' | 'policy' | 'pair' | 'paths' | 'opcuaPort'>
>
export type RigOptions = Wishes & {
  readonly practicePlant?: PlantOptions
  /** Words in front of the supervisor's own, such as `strace`. */
  readonly before?: (folder: string) => readonly string[]
  /** Leaves the supervisor to `restart`. */
  readonly unstarted?: boolean
}

/** Everybody has the same password: what passwords are worth is tested elsewhere. */
export const password = 'correct horse battery staple'
const people: Readonly<Record<string, AccessRole>> = {
  olga: 'observer',
  anna: 'operator',
  bert: 'operator',
  sven: 'supervisor',
}

/** Generous: a slow machine may take long, a right program does not. */
export const patienceMs = 20_000

/** Starts both. Everything is gone after `stop`. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const rig = await makeRig(options, await startPlant(options.practicePlant), true)
  if (options.unstarted) return rig
  return rig.restart().then(
    () => rig,
    async (fault: unknown) => {
      await rig.stop()
      throw fault
    },
  )
}

async function makeRig(options: RigOptions, plant: Plant, ownsPlant: boolean): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'bumpless-whole-'))
  await writeFile(join(folder, 'users.yaml'), await usersText(), { mode: 0o600 })
  const plantFile = await writePlantFile({
    pairs: options.pairs ?? ['intake'],
    ports: plant.ports,
    httpPort: await freePort(),
    folder,
    ...(options.mode && { mode: options.mode }),
    ...(options.shipped && { shipped: options.shipped }),
    ...(options.policy && { policy: options.policy }),
    ...(options.pair && { pair: options.pair }),
    ...(options.paths && { paths: options.paths }),
    ...(options.opcuaPort !== undefined && { opcuaPort: options.opcuaPort }),
  })
  return new Rig({ folder, plantFile, plant, ownsPlant, before: options.before?.(folder) ?? [] })
}

type Parts = {
  readonly folder: string
  readonly plantFile: string
  readonly plant: Plant
  /** False for a second supervisor on the plant of another rig. */
  readonly ownsPlant: boolean
  readonly before: readonly string[]
}

export class Rig {
  readonly folder: string
  readonly plantFile: string
  readonly plant: Plant
  readonly journals: readonly string[]
  readonly #parts: Parts
  readonly #tokens = new Map<string, string>()
  #service: Service | undefined

  /** Use startRig. */
  constructor(parts: Parts) {
    this.folder = parts.folder
    this.plantFile = parts.plantFile
    this.plant = parts.plant
    this.journals = journalFolders(parts.folder)
    this.#parts = parts
  }

  get service(): Service {
    assert.ok(this.#service, 'the supervisor was not started')
    return this.#service
  }

  /** The first copy of the journal. */
  get journal(): string {
    return this.journals[0] ?? ''
  }

  /** What commands need to reach the service as that person. */
  async environment(user: string): Promise<NodeJS.ProcessEnv> {
    return {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      TERM: 'xterm',
      XDG_CONFIG_HOME: this.folder,
      BUMPLESS_URL: this.service.url,
      BUMPLESS_TOKEN: await this.token(user),
    }
  }

  async token(user: string): Promise<string> {
    const known = this.#tokens.get(user)
    if (known !== undefined) return known
    const response = await this.#send('POST', 'login', { user, password })
    const { token } = (await response.json()) as { token?: string }
    assert.ok(token, `${user} could not log in: ${response.status}`)
    this.#tokens.set(user, token)
    return token
  }

  async order(path: string, body: object, user = 'anna'): Promise<Answer> {
    const response = await this.#send('POST', path, body, await this.token(user))
    const text = await response.text()
    const answer = text === '' ? {} : (JSON.parse(text) as { error?: object })
    return { text: '', ...answer, ...answer.error, status: response.status }
  }

  /** A request that only looks, with its body as text. */
  async read(path: string, user = 'olga'): Promise<{ status: number; text: string }> {
    const response = await this.#send('GET', path, undefined, await this.token(user))
    return { status: response.status, text: await response.text() }
  }

  async view(user = 'olga'): Promise<View> {
    const response = await this.#send('GET', 'plant', undefined, await this.token(user))
    assert.equal(response.status, 200)
    return (await response.json()) as View
  }

  async pair(name = 'intake'): Promise<PairView> {
    const found = (await this.view()).pairs.find((pair) => pair.name === name)
    assert.ok(found, `no pair ${name}`)
    return found
  }

  truth(): PlantState {
    return this.plant.state()
  }

  /** The truth about one pair. */
  real(name = 'intake'): PlantState['pairs'][string] {
    const pair = this.truth().pairs[name]
    assert.ok(pair, `no pair ${name}`)
    return pair
  }

  /** Which units drive the process: `A`, `B`, both or nobody. */
  active(name = 'intake'): string {
    const { A, B } = this.real(name).units
    return [A.active ? 'A' : '', B.active ? 'B' : ''].join('') || 'nobody'
  }

  async fault(target: string, fault: string, more: object = {}): Promise<string> {
    return (await this.plant.addFault({ target, fault, ...more })).id
  }

  /** Waits until the probe gives something that is true, and gives that. */
  async waitFor<T>(
    what: string,
    probe: () => T | Promise<T>,
    limitMs = patienceMs,
  ): Promise<NonNullable<Exclude<T, false>>> {
    const endMs = performance.now() + limitMs
    for (;;) {
      const found = await probe()
      if (found) return found as NonNullable<Exclude<T, false>>
      if (performance.now() > endMs)
        assert.fail(`in vain waited for: ${what}\n${await this.told()}`)
      await pause(50)
    }
  }

  /** Waits until the view of the pair fits. */
  untilPair(
    what: string,
    fits: (pair: PairView) => boolean,
    name = 'intake',
    limitMs = patienceMs,
  ): Promise<PairView> {
    const probe = async () => {
      await pause(50)
      const pair = await this.pair(name)
      return fits(pair) && pair
    }
    return this.waitFor(what, probe, limitMs)
  }

  /** The person logs out; the next order logs them in again. */
  async logOut(user: string): Promise<void> {
    const { status } = await this.order('logout', {}, user)
    assert.equal(status, 204)
    this.#tokens.delete(user)
  }

  async kill9(): Promise<void> {
    this.service.signal('SIGKILL')
    await this.service.ended
  }

  /** Starts the supervisor, for the first time or again on the same files. */
  async restart(): Promise<void> {
    this.#tokens.clear()
    this.#service = await startService(this.plantFile, this.#parts.before)
  }

  /** A second supervisor on the same plant, with files of its own. */
  async another(): Promise<Rig> {
    const rig = await makeRig({}, this.plant, false)
    await rig.restart()
    return rig
  }

  /** Asks the supervisor to stop and waits for its end; then the plant and the folder go. */
  async stop(): Promise<void> {
    const service = this.#service
    if (service !== undefined) {
      const timer = setTimeout(() => service.signal('SIGKILL'), 25_000)
      service.signal('SIGTERM')
      await service.ended
      clearTimeout(timer)
    }
    if (this.#parts.ownsPlant) await this.plant.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  /** What a person needs to understand a test that failed. */
  async told(): Promise<string> {
    const view = await this.view().catch((fault: unknown) => String(fault))
    const pairs = typeof view === 'string' ? view : view.pairs.map(({ sentence }) => sentence)
    const log = this.#service?.out().split('\n').slice(-25).join('\n')
    return `${String(pairs)}\n${log}\n${this.#service?.error()}`
  }

  #send(method: string, path: string, body?: object, token?: string): Promise<Response> {
    return fetch(`${this.service.url}/api/v1/${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }
}

/** Fails when both units of a pair were ever active. Tests call it at their end. */
export function assertNeverBothActive(rig: Rig): void {
  for (const [name, { bothActive }] of Object.entries(rig.truth().pairs)) {
    assert.equal(bothActive.scans, 0, `both units of ${name} were active: ${bothActive.cause}`)
  }
}

let hash: Promise<string> | undefined

/** The users file; its one slow hash is made once a test run. */
async function usersText(): Promise<string> {
  hash ??= hashPassword(password)
  const known = await hash
  const users = Object.entries(people).map(([name, role]) => ({
    name,
    role,
    password: known,
    created: '2026-01-01T00:00:00.000Z',
  }))
  return JSON.stringify({ users })
}

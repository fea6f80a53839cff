// The OPC UA door with everything around it: accounts with known passwords, an inbox that is answered every 20 ms, a board that the
// test publishes to, and clients that use standard services only.

import net from 'node:net'
import { join } from 'node:path'
import type { Answer, Order } from '../../../src/core/cycle.ts'
import type { OpcUaSettings } from '../../../src/core/opcua-settings.ts'
import type { Plant } from '../../../src/core/plant.ts'
import type { View } from '../../../src/core/view.ts'
import type { Access } from '../../../src/serve/access.ts'
import type { Board } from '../../../src/serve/board.ts'
import type { Inbox } from '../../../src/serve/inbox.ts'
import { type OpcUaDoor, startOpcUa } from '../../../src/serve/opcua/door.ts'
import { openDoorParts, password } from '../fixture.ts'
import { pairOf, viewOf } from '../view.ts'
import { type ClientOptions, StandardClient, trustRejected } from './client.ts'

export type DoorRig = {
  readonly door: OpcUaDoor
  readonly board: Board
  readonly inbox: Inbox
  readonly access: Access
  readonly settings: OpcUaSettings
  readonly folder: string
  readonly usersFile: string
  /** Everything that was written to the audit. */
  readonly audit: string[]
  /** Why no history is kept, as the supervisor is told. */
  historyFault(): string | undefined
  /** Every order that reached the supervisor. */
  readonly orders: Order[]
  /** How the supervisor answers; the test may replace it. */
  answerWith: (order: Order) => Omit<Answer, 'orderId'>
  /** Publishes the next cycle with these changes. */
  show(change: Partial<View>): void
  /** A trusted client of this user, over Basic256Sha256 where nothing else is said. */
  client(user: string, options?: Partial<ClientOptions>): Promise<StandardClient>
  /** The first answer that is not undefined. */
  until<T>(look: () => Promise<T | undefined>): Promise<T>
  stop(): Promise<void>
}

export async function startDoorRig(change: Partial<OpcUaSettings> = {}): Promise<DoorRig> {
  const parts = await openDoorParts()
  const { folder, remove, usersFile, audit, onAudit, access, inbox, board, orders } = parts
  const settings: OpcUaSettings = {
    ...{ host: '127.0.0.1', port: await freePort(), pki: join(folder, 'server') },
    policies: ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'],
    ...{ sessionsMax: 10, connectionsMax: 20, alarmsMax: 50, backS: 60 },
    ...change,
  }
  const plant = plantOf(settings)
  const ended = access.ended.subscribe(({ session }) => {
    void inbox.submit({ kind: 'session-ended', user: session.person.name }, session.person)
  })
  let historyFault: string | undefined
  const door = await startOpcUa({
    ...{ plant, settings, version: '0.0.0', inbox, board, access, onAudit },
    onHistory: (fault) => {
      historyFault = fault
    },
  })
  let cycle = 0
  let view: View = viewOf({ pairs: [pairOf('intake'), pairOf('filters')] })
  const clients: StandardClient[] = []
  const clientPki = join(folder, 'client')
  const rig: DoorRig = {
    ...{ door, board, inbox, access, settings, folder, usersFile, audit, orders },
    historyFault: () => historyFault,
    answerWith: () => ({ code: 'accepted', text: 'done' }),
    show: (news) => {
      cycle += 1
      view = { ...view, cycle, wallMs: Date.now(), ...news }
      board.publish(view)
    },
    client: async (user, options = {}) => {
      const all = { url: door.url, pki: clientPki, user, password, ...options }
      const trusting = clients.length === 0 && options.pki === undefined
      const client = await (trusting ? firstClient(all, settings.pki) : StandardClient.open(all))
      clients.push(client)
      return client
    },
    until: async (look) => {
      for (let left = 200; left > 0; left -= 1) {
        const found = await look()
        if (found !== undefined) return found
        await new Promise((done) => setTimeout(done, 50))
      }
      throw new Error('it did not come')
    },
    stop: async () => {
      clearInterval(supervisor)
      for (const client of clients) await client.close()
      inbox.close()
      await door.close()
      ended.unsubscribe()
      access.close()
      await remove()
    },
  }
  const supervisor = setInterval(() => {
    rig.show({})
    for (const order of inbox.take()) {
      orders.push(order)
      inbox.answer([{ orderId: order.id, ...rig.answerWith(order) }])
    }
  }, 20)
  return rig
}

/** The first client is turned away, let in by a person, and tries again. */
async function firstClient(options: ClientOptions, serverPki: string): Promise<StandardClient> {
  await StandardClient.open(options).then(
    async (client) => {
      await client.close()
      throw new Error('an unknown client was let in')
    },
    () => trustRejected(serverPki),
  )
  for (let left = 20; ; left -= 1) {
    await new Promise((done) => setTimeout(done, 250))
    try {
      return await StandardClient.open(options)
    } catch (error) {
      if (left === 0 || !String(error).includes('BadSecurityChecksFailed')) throw error
    }
  }
}

/** As much of a plant as the door looks at: two pairs with one tag, one UPS. */
function plantOf(opcua: OpcUaSettings): Plant {
  const signal = { key: 'tag:LIC301.SP', type: 'float32', scale: 1, offset: 0, unknownWhen: [] }
  const device = (id: string) => ({ id, paths: [{ name: 'lan-1', signals: [signal] }] })
  const unit = (pair: string, id: 'A' | 'B') => ({ id, device: `${pair}.${id}`, location: 'rack' })
  const pair = (name: string) => ({
    ...{ name, profile: 'bumpless-block', units: { A: unit(name, 'A'), B: unit(name, 'B') } },
    tags: [{ name: 'LIC301.SP', class: 'setpoint', tolerance: 0.5, units: 'm', critical: true }],
  })
  const names = ['intake', 'filters']
  const devices = names.flatMap((name) => [device(`${name}.A`), device(`${name}.B`)])
  return {
    ...{ site: 'Westhaven water works', opcua, pairs: names.map(pair), ups: [{ name: 'ups-1' }] },
    devices: Object.fromEntries(devices.map((one) => [one.id, one])),
  } as unknown as Plant
}

async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

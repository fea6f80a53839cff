// The OPC UA server in its own thread: puts the nodes together, shows what the main thread tells, and hands orders over. It knows
// no plant but the layout and the views that it is given.

import {
  type AddressSpace,
  type OPCUAServer,
  setErrorLogger,
  setWarningLogger,
  type UAObject,
} from 'node-opcua'
import { unitDevice, unitIds } from '../../core/plant.ts'
import { openAlarms } from './alarms.ts'
import { watchDenials } from './audit.ts'
import { openCarrier } from './carry.ts'
import { guardConnections } from './connections.ts'
import { containRejections } from './contain-faults.ts'
import { openDialogs } from './dialogs.ts'
import { GuardedServer } from './guarded-server.ts'
import { openPast, type Past } from './history/open-past.ts'
import type { Layout } from './layout.ts'
import { bindLevel } from './level-nodes.ts'
import { guardMemory } from './memory.ts'
import type { ThreadSettings, ToMain, ToServer } from './messages.ts'
import { bindMethods } from './methods.ts'
import { pairId, supervisorId, unitId, upsId } from './node-names.ts'
import { openOrders } from './orders.ts'
import { assertFree } from './port-free.ts'
import { pruneRejected } from './prune-rejected.ts'
import { reviseRequests } from './revise-requests.ts'
import { serverOptions } from './server-options.ts'
import { openShown } from './shown.ts'
import { buildSpace } from './space.ts'
import { openTell } from './tell.ts'
import { Users } from './users.ts'

export type DoorServer = {
  take(message: ToServer): void
}

/** Clients may look at the news of the end for so long before the connection goes, ms. */
const farewellMs = 1_000

/** Starts the server; rejects with one clear line when it cannot listen. */
export async function startServer(
  { settings, layout, version }: ThreadSettings,
  send: (message: ToMain) => void,
): Promise<DoorServer> {
  // The library prints whole requests; what went wrong is in the audit.
  setErrorLogger(() => undefined)
  setWarningLogger(() => undefined)
  await assertFree(settings.host, settings.port)
  const users = new Users(send)
  const tell = openTell(send)
  const server = new GuardedServer(await serverOptions(settings, version, users), users, tell)
  server.roleResolvers.push({ resolveRoles: (token) => users.rolesOf(token) })
  await server.initialize()
  const addressSpace = addressSpaceOf(server)
  addressSpace.installAlarmsAndConditionsService()
  const space = buildSpace(addressSpace, layout, settings.history?.tagMs ?? 0)
  const level = bindLevel(addressSpace)
  const orders = openOrders(users, send)
  const { namespace, targets } = space
  const kept = settings.history && { settings: settings.history }
  const past = openPast({ ...{ server, space, send }, ...kept })
  const { alarmsMax } = settings
  const common = { namespace, orders, sourceOf: sourcesOf(space.objects, layout) }
  const shown = openShown({
    ...{
      layout,
      level,
      busy: past.busy,
      history: past.standing,
      show: openCarrier(targets, past.offer),
    },
    alarms: openAlarms({ ...common, type: space.alarmType, alarmsMax, send }),
    dialogs: openDialogs(common),
  })
  bindMethods(space.methods, layout, orders)
  reviseRequests(server, addressSpace)
  watchDenials(server, users, tell)
  server.on('session_closed', (session) => users.closed(session))
  await server.start()
  containRejections(tell)
  const guards = [
    pruneRejected(settings.pki),
    guardConnections(server, tell),
    guardMemory(server, users, tell),
  ]
  return {
    take: (message) => {
      switch (message.kind) {
        case 'view':
          shown.take(message)
          return send({ kind: 'shown' })
        case 'log-in':
          return users.answer(message.id, message.result)
        case 'session-ended':
          return users.end(server, message.session)
        case 'trend':
          return void tellTrend(past, message, send)
        case 'answer':
          return orders.answer(message.id, message.answer)
        case 'stop':
          for (const stop of guards) stop()
          level.back(message.backMs)
          shown.stop()
          void end(server, past).then(() => send({ kind: 'stopped' }))
      }
    },
  }
}

async function tellTrend(
  past: Past,
  { id, question }: Extract<ToServer, { kind: 'trend' }>,
  send: (message: ToMain) => void,
): Promise<void> {
  send({ kind: 'trend', id, answer: await past.trend(question) })
}

/** The object that an alarm or a dialog is about: a pair, a unit, a UPS, or else the supervisor itself. */
function sourcesOf(
  objects: ReadonlyMap<string, UAObject>,
  layout: Layout,
): (source: string) => UAObject {
  const ids = new Map<string, string>()
  for (const { name } of layout.pairs) {
    ids.set(name, pairId(name))
    for (const unit of unitIds) ids.set(unitDevice(name, unit), unitId(name, unit))
  }
  for (const name of layout.ups) ids.set(name, upsId(name))
  return (source) => {
    const node = objects.get(ids.get(source) ?? supervisorId)
    if (node === undefined) throw new Error(`no node for ${source}`)
    return node
  }
}

async function end(server: OPCUAServer, past: Past): Promise<void> {
  server.engine.setShutdownReason('the supervisor is stopped as planned')
  await Promise.all([past.close(), server.shutdown(farewellMs)])
}

function addressSpaceOf({ engine }: OPCUAServer): AddressSpace {
  if (engine.addressSpace === null) throw new Error('the OPC UA server has no address space')
  return engine.addressSpace
}

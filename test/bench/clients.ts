// The clients of the benchmark, each as the loop that its users write: ask, check the first register, ask again; one request out
// on each connection. A wrong or missing answer is counted and asked again.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import jsmodbus from 'jsmodbus'
import modbusSerial from 'modbus-serial'
import { modbusDriver } from '../../src/field/modbus/driver.ts'
import { ModbusTransport } from '../../src/field/modbus/transport.ts'
import {
  benchDevice,
  firstRegister,
  host,
  type Ports,
  registerCount,
  replyBytes,
} from './exchange.ts'

/** What a client counts while it runs. */
export type Tally = { polls: number; wrong: number }

/** Opens one connection and polls on it until the process ends. Resolves after the first answer. */
export type Client = (ports: Ports, tally: Tally) => Promise<void>

const request = Buffer.from([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, registerCount])

/** A socket and nothing else: counts the bytes, looks at the first register, sends the same request again. */
const bareSocket: Client = async ({ still: port }, tally) => {
  const socket = net.connect({ host, port, noDelay: true })
  const count = replyCounter(tally, () => socket.write(request))
  socket.on('data', (bytes) => count(bytes, bytes.length))
  await once(socket, 'connect')
  socket.write(request)
}

/** The same with one buffer for all that comes. */
const bareSocketOnread: Client = async ({ still: port }, tally) => {
  const buffer = Buffer.alloc(1024)
  const count = replyCounter(tally, () => socket.write(request))
  const callback = (bytes: number): boolean => {
    count(buffer, bytes)
    return true
  }
  const socket = net.connect({ host, port, noDelay: true, onread: { buffer, callback } })
  await once(socket, 'connect')
  socket.write(request)
}

function replyCounter(tally: Tally, next: () => void): (bytes: Buffer, count: number) => void {
  let received = 0
  return (bytes, count) => {
    if (received === 0 && bytes.readUInt16BE(9) !== firstRegister) tally.wrong++
    received += count
    if (received < replyBytes) return
    received = 0
    tally.polls++
    next()
  }
}

const modbusSerialAsShipped: Client = async ({ still: port }, tally) => {
  const client = new modbusSerial.default()
  await client.connectTCP(host, { port })
  client.setID(1)
  client.setTimeout(1000)
  keepAsking(tally, async () => {
    const { data } = await client.readHoldingRegisters(0, registerCount)
    return data[0]
  })
}

const jsmodbusAsShipped: Client = async ({ still: port }, tally) => {
  const socket = net.connect({ host, port, noDelay: true })
  const client = new jsmodbus.client.TCP(socket, 1, 1000)
  await once(socket, 'connect')
  keepAsking(tally, async () => {
    const { response } = await client.readHoldingRegisters(0, registerCount)
    return response.body.valuesAsArray[0]
  })
}

/** Our transport alone: what it takes without making values of the registers. */
const ourTransport: Client = async ({ still: port }, tally) => {
  const options = { host, port, unit: 1, timeoutMs: 1000 }
  const transport = new ModbusTransport(options, () => performance.now())
  while (transport.obstacle !== undefined) await new Promise(setImmediate)
  keepAsking(tally, async () => {
    const outcome = await transport.read('hr', 0, registerCount)
    return outcome.kind === 'answered' ? (outcome.bytes[0] ?? 0) * 256 + (outcome.bytes[1] ?? 0) : 0
  })
}

const ourDriver =
  (which: keyof Ports): Client =>
  async (ports, tally) => {
    const { device, path } = benchDevice('bench', ports[which])
    const driver = modbusDriver(device, () => performance.now(), path)
    while ((await driver.read(true)).kind === 'failed') await new Promise(setImmediate)
    keepAsking(tally, async () => {
      const scan = await driver.read(true)
      return scan.kind === 'answered' ? scan.values.r0 : undefined
    })
  }

function keepAsking(tally: Tally, ask: () => Promise<unknown>): void {
  const again = (first: unknown): void => {
    if (first === firstRegister) tally.polls++
    else tally.wrong++
    ask().then(again, failed)
  }
  const failed = (error: unknown): void => {
    tally.wrong++
    assert(tally.wrong < 1000, `the client fails all the time: ${error}`)
    setImmediate(() => ask().then(again, failed))
  }
  ask().then(again, failed)
}

/** The first one is what the others are compared with. */
export const clients = {
  'bare socket': bareSocket,
  'bare socket, onread': bareSocketOnread,
  'our driver, values unchanged': ourDriver('still'),
  'our driver, all values changing': ourDriver('moving'),
  'our transport alone': ourTransport,
  'modbus-serial as shipped': modbusSerialAsShipped,
  jsmodbus: jsmodbusAsShipped,
} as const satisfies Record<string, Client>
export type ClientName = keyof typeof clients

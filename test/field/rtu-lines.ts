// Opens what the tests of the serial bus need, and closes all of it afterwards, in whatever state a test leaves it.

import type { SerialLink, TcpLink } from '../../src/core/plant.ts'
import {
  openRtuTransport,
  type RtuOptions,
  type RtuTransport,
} from '../../src/field/modbus/rtu-transport.ts'
import { until } from './devices.ts'
import { PtyPair } from './pty-pair.ts'
import { RtuSlave } from './rtu-slave.ts'

export class RtuLines {
  readonly #transports: RtuTransport[] = []
  readonly #slaves: RtuSlave[] = []
  readonly #pairs: PtyPair[] = []

  /** A pair of serial lines with a slave on the far one. */
  async serial(): Promise<{ pair: PtyPair; slave: RtuSlave; link: SerialLink }> {
    const pair = await PtyPair.open()
    this.#pairs.push(pair)
    const slave = this.slave()
    await slave.attach(pair.theirs)
    return { pair, slave, link: serialLink(pair.ours) }
  }

  /** A serial device server with slaves behind it. */
  async server(): Promise<{ slave: RtuSlave; link: TcpLink }> {
    const slave = this.slave()
    const port = await slave.listen()
    return { slave, link: { kind: 'rtu-over-tcp', host: '127.0.0.1', port } }
  }

  slave(): RtuSlave {
    const slave = new RtuSlave()
    this.#slaves.push(slave)
    return slave
  }

  open(link: SerialLink | TcpLink, options: Partial<RtuOptions> = {}): RtuTransport {
    const backoff = { firstMs: 5, longestMs: 40 }
    const transport = openRtuTransport(link, { unit: 1, timeoutMs: 120, backoff, ...options }, () =>
      performance.now(),
    )
    this.#transports.push(transport)
    return transport
  }

  /** As `open`; resolves when the first request can leave. */
  async ready(
    link: SerialLink | TcpLink,
    options: Partial<RtuOptions> = {},
  ): Promise<RtuTransport> {
    const transport = this.open(link, options)
    await until('an open line', () => transport.obstacle === undefined)
    return transport
  }

  async close(): Promise<void> {
    await Promise.all(this.#transports.splice(0).map((transport) => transport.close()))
    await Promise.all(this.#slaves.splice(0).map((slave) => slave.detach()))
    await Promise.all(this.#pairs.splice(0).map((pair) => pair.close()))
  }
}

export const serialLink = (device: string, options: Partial<SerialLink> = {}): SerialLink => ({
  kind: 'serial',
  device,
  baud: 115_200,
  parity: 'even',
  stopBits: 1,
  ...options,
})

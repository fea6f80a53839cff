// The plant file of the demo: the one that is shipped, with the ports and the data folder of this start. Comments stay, so that the
// copy teaches as much as the original.

import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { isMap, isSeq, parseDocument } from 'yaml'

export type DemoPlace = {
  readonly dataFolder: string
  readonly httpPort: number
  readonly opcuaPort: number
  /** First port of the practice plant; the shipped file counts from 15020. */
  readonly basePort: number
  readonly controlPort: number
}

/** First line of the copy: `--fresh` deletes only in a folder whose plant file begins with it. */
export const demoMark = '# Written by bumpless demo; changes are lost at its next start.'

const shippedBasePort = 15_020
/** Offsets of the practice plant's devices: six units and two UPS units on each of its two networks. */
const deviceOffsets = [0, 40].flatMap((lan) => [0, 1, 2, 3, 4, 5, 10, 11].map((one) => lan + one))

/** The shipped text with this start's addresses and folders. */
export function demoPlantText(shipped: string, place: DemoPlace): string {
  const document = parseDocument(shipped)
  const inData = (name: string): string => resolve(place.dataFolder, name)
  document.setIn(['journal', 'copies'], [inData('journal-a'), inData('journal-b')])
  document.setIn(['http', 'listen'], `127.0.0.1:${place.httpPort}`)
  document.set('opcua', { listen: `127.0.0.1:${place.opcuaPort}`, pki: inData('opcua') })
  document.set('users', inData('users.yaml'))
  moveDevices(document.contents, place.basePort)
  return `${demoMark}\n${document.toString({ lineWidth: 0 })}`
}

/** Every port that the demo will listen on, with the words for it. */
export function demoPorts(place: DemoPlace): { port: number; what: string }[] {
  return [
    { port: place.httpPort, what: 'bumpless (--port)' },
    { port: place.opcuaPort, what: 'SCADA clients (--opcua-port)' },
    { port: place.controlPort, what: 'the control of the practice plant (--control-port)' },
    ...deviceOffsets.map((offset) => ({
      port: place.basePort + offset,
      what: 'a device of the practice plant (--base-port)',
    })),
  ]
}

/** One clear line about the first ports that cannot be had, or nothing. */
export async function portFault(place: DemoPlace): Promise<string | undefined> {
  const taken: string[] = []
  for (const { port, what } of demoPorts(place)) {
    const code = await listenFault(port)
    if (code === 'EADDRINUSE') taken.push(`${port} for ${what} is in use`)
    else if (code !== undefined) taken.push(`${port} for ${what} cannot be had (${code})`)
  }
  if (taken.length === 0) return undefined
  return `on 127.0.0.1 port ${taken.join('; ')}; stop the other program or choose other ports`
}

function moveDevices(node: unknown, basePort: number): void {
  if (isSeq(node)) for (const item of node.items) moveDevices(item, basePort)
  if (!isMap(node)) return
  for (const { key, value } of node.items) {
    const address = node.get(String(key))
    if (String(key) === 'modbus' && typeof address === 'string')
      node.set(String(key), movedAddress(address, basePort))
    else moveDevices(value, basePort)
  }
}

function movedAddress(address: string, basePort: number): string {
  const match = /^(tcp:\/\/127\.0\.0\.1:)(\d+)$/.exec(address)
  if (!match) return address
  return `${match[1]}${Number(match[2]) - shippedBasePort + basePort}`
}

function listenFault(port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const probe = createServer()
    probe.once('error', (fault: NodeJS.ErrnoException) => done(fault.code ?? fault.message))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      probe.close(() => done(undefined)),
    )
  })
}

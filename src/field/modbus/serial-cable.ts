// A serial line of this machine, or of an adapter that may be unplugged at any time. The library's own reopening is not used: a
// port object is used once.

import { SerialPort } from 'serialport'
import type { SerialLink } from '../../core/plant.ts'
import type { Cable, CableEvents } from './cable.ts'

/**
 * Opens the device with 8 data bits and no flow control, and locks it against other programs. The direction of an RS-485 driver
 * must be turned by the adapter or by the kernel. A device that is missing, locked or hung up ends the cable.
 */
export function openSerialCable(link: SerialLink, events: CableEvents): Cable {
  const { device: path, baud: baudRate, parity, stopBits } = link
  const line = { path, baudRate, parity, stopBits, dataBits: 8 as const }
  const port = new SerialPort({ ...line, lock: true, autoOpen: false, highWaterMark: poolBytes })
  let state: 'up' | 'down' | 'ended' = 'up'
  const down = (why: string): void => {
    if (state !== 'up') return
    state = 'down'
    events.down(why)
  }
  const ended = (): void => {
    if (state === 'ended') return
    state = 'ended'
    events.ended()
  }
  const end = (why: string): void => {
    down(why)
    // While it opens or closes, the end is told when that is done.
    if (port.isOpen) port.close(ended)
    else if (!port.opening && !port.closing) ended()
  }
  port.on('error', (error) => end(error.message))
  port.on('close', (error: Error | null) => {
    down(error ? `the line hung up (${error.message})` : 'closed')
    ended()
  })
  port.on('data', (bytes: Buffer) => events.received(bytes))
  port.open((error) => {
    if (error) end(reasonOf(error))
    else if (state === 'up') events.opened()
    else end('given up while it opened')
  })
  return {
    send: (frame) => void port.write(frame),
    discard: () =>
      new Promise((resolve) => {
        port.flush((error) => {
          if (error) end(error.message)
          whenRead(port, resolve)
        })
      }),
    end,
  }
}

/** The library's pool of read bytes; an answer has at most 256. */
const poolBytes = 4096

const reasonOf = ({ message }: Error): string =>
  message.includes('Cannot lock port') ? 'another program has it' : message

/**
 * Waits until no read of the port is under way: it may have taken bytes before they could be thrown away, and is about to tell
 * them. A port that reads waits for its poller most of the time; the bindings tell this on Linux and macOS.
 */
function whenRead(port: SerialPort, done: () => void): void {
  const binding = port.port
  const waits =
    !port.isOpen ||
    binding === undefined ||
    !('poller' in binding) ||
    binding.poller.listenerCount('readable') > 0
  if (waits) done()
  else setImmediate(() => whenRead(port, done))
}

// The unit that all clients of the benchmark poll: a process of its own, so that its work is not counted as theirs. It answers
// reads of 125 registers from a prepared reply, on one port with values that never change and on another where all of them do.
// Prints the two ports as JSON; ends when its standard input does.

import net from 'node:net'
import { firstRegister, registerCount } from './exchange.ts'

const requestBytes = 12

/** A listening server; `change` alters the prepared reply after each use. */
function listen(change: (reply: Buffer) => void): Promise<number> {
  const server = net.createServer({ noDelay: true }, (socket) => {
    let reply = preparedReply()
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => {
      for (let at = 0; at + requestBytes <= bytes.length; at += requestBytes) {
        reply[0] = bytes[at] ?? 0
        reply[1] = bytes[at + 1] ?? 0
        reply[6] = bytes[at + 6] ?? 0
        socket.write(reply)
        // A reply that the socket still holds must not be changed under it.
        if (socket.writableLength > 0) reply = Buffer.from(reply)
        change(reply)
      }
    })
  })
  return new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

function preparedReply(): Buffer {
  const reply = Buffer.alloc(9 + 2 * registerCount)
  reply.writeUInt16BE(3 + 2 * registerCount, 4)
  reply[7] = 3
  reply[8] = 2 * registerCount
  for (let index = 0; index < registerCount; index++) reply.writeUInt16BE(index, 9 + 2 * index)
  reply.writeUInt16BE(firstRegister, 9)
  return reply
}

/** The first register stays, since every client checks it. */
function changeAll(reply: Buffer): void {
  for (let at = 12; at < reply.length; at += 2) reply[at] = ((reply[at] ?? 0) + 1) & 0xff
}

const still = await listen(() => undefined)
const moving = await listen(changeAll)
process.stdout.write(`${JSON.stringify({ still, moving })}\n`)
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))

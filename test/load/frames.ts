// Messages of a standard client as they are on the wire (OPC UA Part 6, 7.1): recorded between a client and the server, and put
// together anew for another channel. Only on a channel without security can the inside of a message be changed.

import net from 'node:net'

/** Type, size, channel, token, sequence number, request: what stands before the body of a MSG chunk. */
export const headBytes = 24

export type Recorded = {
  readonly hello: Buffer
  readonly open: Buffer
  /** Whole MSG chunks, in the order in which they were sent. */
  readonly messages: readonly Buffer[]
}

export type Recorder = {
  readonly port: number
  recorded(): Recorded
  /** Sends a chunk to the server between those of the newest client: with its channel, and with its number in the sequence. */
  inject(chunk: Buffer): void
  close(): Promise<void>
}

/** Stands between clients and the server, and keeps what the clients send. */
export async function startRecorder(port: number): Promise<Recorder> {
  const frames: Buffer[] = []
  let inject: (chunk: Buffer) => void = () => undefined
  const sockets = new Set<net.Socket>()
  const server = net.createServer((client) => {
    const upstream = net.connect(port, '127.0.0.1')
    let rest = Buffer.alloc(0)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
      })
    }
    let channel: Channel | undefined
    inject = (chunk) => {
      if (channel !== undefined) upstream.write(onChannel(chunk, channel))
    }
    upstream.on('data', (bytes) => client.write(bytes))
    client.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes])
      while (rest.length >= 8 && rest.length >= rest.readUInt32LE(4)) {
        const size = rest.readUInt32LE(4)
        const frame = Buffer.from(rest.subarray(0, size))
        rest = rest.subarray(size)
        frames.push(Buffer.from(frame))
        // What was put in between counts in the sequence.
        if (frame.toString('latin1', 0, 3) === 'MSG') {
          channel ??= {
            ...{ channelId: frame.readUInt32LE(8), tokenId: frame.readUInt32LE(12) },
            sequence: frame.readUInt32LE(16) - 1,
          }
          channel.sequence += 1
          frame.writeUInt32LE(channel.sequence, 16)
        }
        upstream.write(frame)
      }
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  const kind = (frame: Buffer): string => frame.toString('latin1', 0, 3)
  const first = (type: string): Buffer => {
    const found = frames.find((frame) => kind(frame) === type)
    if (found === undefined) throw new Error(`no ${type} was recorded`)
    return found
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    inject: (chunk) => inject(chunk),
    recorded: () => ({
      hello: first('HEL'),
      open: first('OPN'),
      messages: frames.filter((frame) => kind(frame) === 'MSG'),
    }),
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((done) => server.close(() => done()))
    },
  }
}

/** Where a channel stands: from the answer to its OPN, and what has been sent since. */
export type Channel = {
  readonly channelId: number
  readonly tokenId: number
  sequence: number
}

/** From the answer to an OPN without security; undefined for any other bytes. */
export function channelOf(answer: Buffer): Channel | undefined {
  if (answer.toString('latin1', 0, 3) !== 'OPN' || answer.length < 40) return undefined
  // Security header: policy, two certificates; sequence header; then the body: type, response header, version, token.
  let at = 12
  for (let field = 0; field < 3; field += 1) at += 4 + Math.max(0, answer.readInt32LE(at))
  const body = at + 8
  const token = answer.indexOf(answer.subarray(8, 12), body + 4 + 24)
  if (token < 0 || token + 8 > answer.length) return undefined
  const channelId = answer.readUInt32LE(8)
  return { channelId, tokenId: answer.readUInt32LE(token + 4), sequence: 1 }
}

/** The chunk as the next one of this channel. */
export function onChannel(chunk: Buffer, channel: Channel): Buffer {
  const frame = Buffer.from(chunk)
  channel.sequence += 1
  frame.writeUInt32LE(frame.length, 4)
  frame.writeUInt32LE(channel.channelId, 8)
  frame.writeUInt32LE(channel.tokenId, 12)
  frame.writeUInt32LE(channel.sequence, 16)
  // Answers to these must not be taken for answers to the client's own.
  frame.writeUInt32LE(0x4000_0000 + channel.sequence, 20)
  return frame
}

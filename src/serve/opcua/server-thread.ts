// Where the thread of the OPC UA server begins: starts the server with what it was given and passes messages. A fault of the library
// ends this thread and nothing else.

import { parentPort, workerData } from 'node:worker_threads'
import type { ThreadSettings, ToMain, ToServer } from './messages.ts'
import { startServer } from './server.ts'

const port = parentPort
if (port === null) throw new Error('this file is the start of a thread')
const send = (message: ToMain): void => port.postMessage(message)

// The library prints a line for every connection that it refuses, and for much of what strangers send.
for (const kind of ['log', 'warn', 'error'] as const) console[kind] = () => undefined

try {
  const server = await startServer(workerData as ThreadSettings, send)
  port.on('message', (message: ToServer) => {
    server.take(message)
    // The main thread ends this one once it has heard so.
  })
  send({ kind: 'ready' })
} catch (error) {
  send({ kind: 'failed', text: error instanceof Error ? error.message : String(error) })
}

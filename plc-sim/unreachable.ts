// A port that nobody answers on, as after a cut cable: attempts to connect run into the caller's
// own time-out. The kernel answers for a port without a listener (refused) and for one with a
// listener (connected), so a listener with a full queue is needed that never takes a connection: it
// lives in a thread that sleeps.
import { connect, createServer, type Socket } from 'node:net'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

/** The shortest queue that a listener can have; the kernel lets one more connection in. */
const BACKLOG = 1
/** Loopback connects in far less; a connection that takes longer was not let in. */
const REFUSED_AFTER_MS = 100
const PLUGS_LIMIT = 8

export type BlackHole = { close(): Promise<void> }

type Task = {
  readonly blackHole: true
  readonly host: string
  readonly port: number
  readonly gate: SharedArrayBuffer
}

/**
 * Makes a free port silent. Connections that it takes to fill the queue are never answered and are
 * reset on close. Undefined when the port could not be taken; connecting is then refused, as by a
 * host without the device.
 */
export async function openBlackHole(host: string, port: number): Promise<BlackHole | undefined> {
  const gate = new SharedArrayBuffer(4)
  const task: Task = { blackHole: true, host, port, gate }
  const worker = new Worker(new URL(import.meta.url), { workerData: task })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const listens = await new Promise<boolean>((resolve) => {
    worker.once('message', (said) => resolve(said === 'listening'))
    worker.once('error', () => resolve(false))
  })
  if (!listens) {
    await ended
    return undefined
  }
  worker.unref()
  const plugs: Socket[] = []
  while (plugs.length < PLUGS_LIMIT && (await plug(host, port, plugs)));
  return {
    close: async () => {
      worker.ref()
      Atomics.store(new Int32Array(gate), 0, 1)
      Atomics.notify(new Int32Array(gate), 0)
      await ended
      for (const socket of plugs) socket.destroy()
    },
  }
}

/** Fills one place in the queue; false when there was none left. */
function plug(host: string, port: number, plugs: Socket[]): Promise<boolean> {
  const socket = connect({ host, port })
  plugs.push(socket)
  return new Promise((resolve) => {
    const full = setTimeout(() => resolve(false), REFUSED_AFTER_MS)
    const settle = (taken: boolean) => {
      clearTimeout(full)
      resolve(taken)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
    socket.on('error', () => socket.destroy())
  })
}

/** The thread: listens, and sleeps before its event loop can take a connection. */
function sleepOnPort({ host, port, gate }: Task): void {
  const server = createServer()
  server.once('error', () => parentPort?.postMessage('taken'))
  server.listen({ host, port, backlog: BACKLOG }, () => {
    parentPort?.postMessage('listening')
    Atomics.wait(new Int32Array(gate), 0, 0)
    server.close()
  })
}

if (!isMainThread && workerData?.blackHole === true) sleepOnPort(workerData)

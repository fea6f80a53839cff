// Where the thread of the history begins. A disk that hangs holds up this thread and nobody else.

import { parentPort, workerData } from 'node:worker_threads'
import type { FromStore, ToStore } from './messages.ts'
import { openShelf } from './shelf.ts'
import type { StoreSettings } from './store.ts'

const port = parentPort
if (port === null) throw new Error('this file is the start of a thread')
const send = (message: FromStore): void => port.postMessage(message)
const shelf = openShelf(workerData as StoreSettings, Date.now)

port.on('message', (message: ToStore) => {
  switch (message.kind) {
    case 'write': {
      const fault = shelf.write(message.batch)
      const opened = shelf.takeOpened()
      const notes = shelf.takeNotes()
      return send({ kind: 'written', opened, notes, ...(fault !== undefined && { fault }) })
    }
    case 'read':
      return send({ kind: 'read', id: message.id, answer: shelf.read(message.question) })
    case 'close':
      shelf.close()
      send({ kind: 'closed' })
  }
})

// Looks whether the place of the server is free before anything is built: the library finds out late and takes ten seconds to give up.

import { createServer } from 'node:net'
import { listenFault } from '../listen-fault.ts'

/** Rejects with one clear line when nobody can listen there. */
export function assertFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) =>
      reject(new Error(listenFault(error, host, port, 'opcua.listen'), { cause: error })),
    )
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()))
  })
}

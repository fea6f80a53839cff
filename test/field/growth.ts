// What a process holds on to: bytes of the heap after a full collection, and open files (sockets are files).

import { readdirSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes that are in use after everything that can be thrown away was. */
export function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') for (let round = 0; round < 3; round++) collect()
  return process.memoryUsage().heapUsed
}

/** Files and sockets that this process has open. */
export const openFiles = (): number => readdirSync('/proc/self/fd').length

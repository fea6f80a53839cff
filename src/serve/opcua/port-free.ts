// Looks whether the place of the server is free before anything is built: the library finds out late and takes ten seconds to give up.

import { createServer } from 'node:net'

/** Rejects with one clear line when nobody can listen there. */
export function assertFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(faultText(error.code, host, port), { cause: error })),
    )
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()))
  })
}

function faultText(code: string | undefined, host: string, port: number): string {
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`
  switch (code) {
    case 'EADDRINUSE':
      return `${where} is in use by another program; stop it or set opcua.listen in the plant file`
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine; set opcua.listen in the plant file`
    case 'EACCES':
      return `${where} may not be used without more rights; set opcua.listen to a port above 1023`
    default:
      return `${where} cannot be used: ${code ?? 'no reason given'}`
  }
}

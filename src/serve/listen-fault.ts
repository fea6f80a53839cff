// Why a door cannot be opened, in one line that names what to change. The same words for every door.

/**
 * `error` is what the attempt to listen ended with; `key` is the setting of the plant file that names the place, such as
 * `http.listen`.
 */
export function listenFault(error: unknown, host: string, port: number, key: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`
  switch (code) {
    case 'EADDRINUSE':
      return `${where} is in use by another program; stop it or set ${key} in the plant file`
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine; set ${key} in the plant file`
    case 'EACCES':
      return `${where} may not be used without more rights; set ${key} in the plant file to a port above 1023`
    default:
      return `${where} cannot be used: ${error instanceof Error ? error.message : String(error)}`
  }
}

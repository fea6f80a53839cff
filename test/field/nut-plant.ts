// A real NUT server with its driver for made-up UPS units, in a folder of the test: the variables of the UPS stand in a file
// that the test writes.

import { mkdir, rename, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type Daemon, freeTcpPort, startDaemon, takesConnections } from './daemon.ts'

export type NutPlant = {
  readonly port: number
  readonly server: Daemon
  readonly driver: Daemon
  /** Gives the UPS other variables; the driver sees them within a second or two. */
  readonly set: (variables: Readonly<Record<string, string>>) => Promise<void>
  /** Ends the server and starts it again on the same port. */
  readonly restartServer: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts a server that knows one UPS, `rack`, and calls its values old after `maxAgeS` seconds of a silent driver. */
export async function startNutPlant(
  folder: string,
  variables: Readonly<Record<string, string>>,
  maxAgeS = 3,
): Promise<NutPlant> {
  const port = await freeTcpPort()
  const state = path.join(folder, 'state')
  await mkdir(state, { mode: 0o700 })
  const definition = path.join(folder, 'rack.dev')
  const set = async (next: Readonly<Record<string, string>>): Promise<void> => {
    const lines = Object.entries(next).map(([name, value]) => `${name}: ${value}\n`)
    await writeFile(`${definition}.new`, lines.join(''))
    await rename(`${definition}.new`, definition)
  }
  await set(variables)
  const files = {
    'ups.conf': `[rack]\ndriver = dummy-ups\nport = ${definition}\nmode = dummy-loop\npollinterval = 1\n`,
    'upsd.conf': `LISTEN 127.0.0.1 ${port}\nMAXAGE ${maxAgeS}\nSTATEPATH ${state}\n`,
    'upsd.users': '[watch]\npassword = open sesame\n',
  }
  for (const [name, text] of Object.entries(files)) {
    await writeFile(path.join(folder, name), text, { mode: 0o600 })
  }
  const environment = {
    NUT_CONFPATH: folder,
    NUT_STATEPATH: state,
    NUT_PIDPATH: state,
    NUT_ALTPIDPATH: state,
  }
  // NUT's programs want to become somebody else when root starts them; the folder is ours alone.
  const user = ['-u', os.userInfo().username, '-F']
  const driver = startDaemon('/lib/nut/dummy-ups', ['-a', 'rack', ...user], environment)
  const startServer = async (): Promise<Daemon> => {
    // Debian's /usr/sbin/upsd is a script that looks at the machine's own configuration.
    const started = startDaemon('/lib/nut/upsd', user, environment)
    await started.until('upsd takes connections', () => takesConnections(port))
    return started
  }
  let server = await startServer()
  return {
    port,
    get server() {
      return server
    },
    driver,
    set,
    restartServer: async () => {
      await server.stop()
      server = await startServer()
    },
    stop: async () => {
      await Promise.all([driver.stop(), server.stop()])
    },
  }
}

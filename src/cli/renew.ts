// `bumpless certs renew`: a new key and certificate for our OPC UA server. A service that runs takes them up by itself: its OPC UA server
// starts anew, and nothing else of it.

import { loadPlant } from '../config/load.ts'
import { faultText } from '../config/source.ts'
import { renewCertificate } from '../serve/opcua/renew-certificate.ts'
import { type ExitCode, exitCode, Halt, usageFault } from './outcome.ts'
import type { Terminal } from './terminal.ts'

export type RenewOptions = {
  readonly plant: string
  readonly pki?: string
  readonly days: string
}

export async function renew(
  { out }: Terminal,
  { plant, pki, days }: RenewOptions,
): Promise<ExitCode> {
  const life = Number(days)
  if (!Number.isInteger(life) || life < 1 || life > 36_500) {
    throw usageFault('--days: expected a number from 1 to 36500')
  }
  const folder = pki ?? serverFolder(plant)
  const { now, validTo, kept } = await renewCertificate(folder, life).catch((error: unknown) => {
    throw new Halt(error instanceof Error ? error.message : String(error))
  })
  out(`our OPC UA server has a new key and certificate, valid to ${validTo}`)
  out(`thumbprint ${now}; the old ones lie in ${kept}`)
  out('A service that runs starts its OPC UA server anew within seconds; supervision goes on.')
  out('Every client has to trust the new certificate: compare the thumbprint there.')
  return exitCode.ok
}

function serverFolder(plant: string): string {
  const loaded = loadPlant(plant)
  if (!loaded.ok) throw usageFault(loaded.faults.map(faultText).join('\n'))
  const { opcua } = loaded.plant
  if (opcua === undefined) throw usageFault(`${plant} switches no OPC UA server on (opcua:)`)
  return opcua.pki
}

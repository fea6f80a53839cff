// The doors of the service: HTTP for browsers and commands, OPC UA for SCADA clients where the plant file asks for it. They open
// together or not at all, and share inbox, board and accounts.

import { resolve } from 'node:path'
import type { DoorOptions } from '../serve/opcua/door.ts'
import { type OpcUaDoor, startOpcUa } from '../serve/opcua/door.ts'
import type { WebOptions } from '../serve/web/parts.ts'
import { startWeb } from '../serve/web/server.ts'

export type Doors = {
  /** Where people and clients find the service, for the first line of the log. */
  readonly urls: readonly string[]
  close(): Promise<void>
}

type DoorsOptions = Omit<DoorOptions, 'settings'> &
  Pick<WebOptions, 'journal' | 'setUp' | 'stopping' | 'self'>

const pagesFolder = resolve(import.meta.dirname, '../../dist/pages')

/** Rejects with one clear line when one of them cannot be opened; none is open then. */
export async function openDoors(options: DoorsOptions): Promise<Doors> {
  const { plant, version } = options
  const { notice, ...http } = plant.http
  const about = { site: plant.site, version, ...(notice !== undefined && { notice }) }
  const pairNames = plant.pairs.map((pair) => pair.name)
  let opcua: OpcUaDoor | undefined
  const readTrend: WebOptions['readTrend'] = (question) => opcua?.trend(question)
  const web = await startWeb({ ...http, ...options, about, pairNames, pagesFolder, readTrend })
  try {
    opcua = plant.opcua && (await startOpcUa({ ...options, settings: plant.opcua }))
  } catch (fault) {
    await web.close()
    throw fault
  }
  return {
    urls: [...(opcua === undefined ? [] : [opcua.url]), web.url],
    close: async () => {
      await Promise.all([web.close(), opcua?.close()])
    },
  }
}

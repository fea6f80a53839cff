// Single points of failure and common causes of a plant: what one event takes away from both units of a pair, or from the
// supervisor. A redundant pair on one UPS is one device with two displays.

import { stat } from 'node:fs/promises'
import path from 'node:path'
import {
  type Pair,
  type Path,
  type Plant,
  type PowerFeed,
  type UnitId,
  unitIds,
} from '../core/plant.ts'

/** One sentence for each, the pairs' first. Looks at the disks of the journal; touches no device. */
export async function commonCauses(plant: Plant): Promise<readonly string[]> {
  return [
    ...plant.pairs.flatMap((pair) =>
      [...ofPower(pair), ...ofNetwork(plant, pair), ...ofPlace(pair)].map(
        (cause) => `${pair.name}: ${cause}`,
      ),
    ),
    ...(await ofJournal(plant)),
    'this supervisor runs alone: while it is down, nobody watches and nobody can order a switchover',
  ]
}

function ofPower(pair: Pair): readonly string[] {
  const fatal = (feed: PowerFeed): readonly string[] =>
    feed.anyOf.length === 1 ? [...feed.allOf, ...feed.anyOf] : feed.allOf
  const { A, B } = pair.units
  const both = fatal(A.power).filter((ups) => fatal(B.power).includes(ups))
  const blind = unitIds.filter((id) => isEmpty(pair.units[id].power))
  return [
    ...both.map((ups) => `both units hang on the UPS ${ups}`),
    ...(blind.length > 0 ? [`nothing is known of the power of ${blind.join(' and ')}`] : []),
  ]
}

const isEmpty = (feed: PowerFeed): boolean => feed.anyOf.length + feed.allOf.length === 0

/** What every path of both units goes through is lost for both at once. */
function ofNetwork(plant: Plant, pair: Pair): readonly string[] {
  const pathsOf = (id: UnitId) => plant.devices[pair.units[id].device]?.paths ?? []
  const [a, b] = [pathsOf('A'), pathsOf('B')]
  const shared = (part: (path: Path) => string | undefined): string | undefined => {
    const parts = [...a, ...b].map(part)
    return parts[0] !== undefined && new Set(parts).size === 1 ? parts[0] : undefined
  }
  const host = shared(placeOf)
  const lan = shared((path) => path.lan)
  const single = unitIds.filter((id) => pathsOf(id).length === 1)
  return [
    ...(host === undefined
      ? []
      : [`both units are reached at ${host}: one machine or one gateway`]),
    ...(single.length === 0
      ? []
      : [
          single.length === 2
            ? 'each unit has one path: a broken cable looks like a broken unit'
            : `${single[0]} has one path: a broken cable looks like a broken unit`,
        ]),
    ...(lan === undefined ? [] : [`both units are reached over one network, ${lan}`]),
    ...([...a, ...b].every((path) => path.lan !== undefined)
      ? []
      : ['the plant file does not name the "lan" of every path: they may share one network']),
  ]
}

function placeOf(path: Path): string {
  if (path.protocol === 'opcua') return new URL(path.url).hostname
  if (path.protocol !== 'modbus') return path.host
  return path.link.kind === 'serial' ? path.link.device : path.link.host
}

function ofPlace(pair: Pair): readonly string[] {
  const plain = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, ' ')
  const { A, B } = pair.units
  return plain(A.location) === plain(B.location) ? [`both units stand in ${A.location}`] : []
}

async function ofJournal(plant: Plant): Promise<readonly string[]> {
  const { journalCopies } = plant
  if (journalCopies.length === 1) return ['the journal has one copy']
  const disks = new Set(await Promise.all(journalCopies.map((folder) => diskOf(folder))))
  return disks.size === 1 ? ['all copies of the journal are on one disk'] : []
}

// A folder that is not there yet will be made on the disk of the nearest one above it.
async function diskOf(folder: string): Promise<number> {
  const full = path.resolve(folder)
  try {
    return (await stat(full)).dev
  } catch (error) {
    if (path.dirname(full) === full) throw error
    return diskOf(path.dirname(full))
  }
}

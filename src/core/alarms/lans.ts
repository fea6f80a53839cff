// One network, one alarm: when every unit on a LAN has lost its path there and is still reached over another one, it is the LAN
// that is down. Where no unit is reached any more nothing proves that, and nothing is said of the LAN.

import { type Plant, unitDevice, unitIds } from '../plant.ts'
import type { PairCycle } from '../switchover/switchover-memory.ts'
import type { PathView } from '../view.ts'
import type { Condition } from './alarm-memory.ts'
import type { Cause } from './suppression.ts'

export type LanFindings = {
  readonly conditions: readonly Condition[]
  readonly causes: readonly Cause[]
}

type PairPaths = PairCycle['paths']
type Lost = {
  readonly lan: string
  readonly pair: string
  readonly source: string
  /** The unit itself is reached over another path. */
  readonly reached: boolean
}
const sourcesOf = (lost: readonly Lost[]): readonly string[] => lost.map(({ source }) => source)

/** Of the whole plant, or of single pairs where the LAN still works elsewhere. */
export function judgeLans(plant: Plant, found: Readonly<Record<string, PairPaths>>): LanFindings {
  const lost = Object.entries(found).flatMap(([pair, paths]) => lostPaths(plant, pair, paths))
  const lans = [...new Set(lost.map(({ lan }) => lan))].sort()
  const conditions: Condition[] = []
  const causes: Cause[] = []
  const add = (source: string, lan: string, covers: readonly string[], pair?: string) => {
    const text = `${lan} is down${pair === undefined ? '' : ` for both units of ${pair}`}`
    conditions.push({ key: 'lan-down', source, ...(pair && { pair }), detail: '' })
    causes.push({ key: 'lan-down', covers, text })
  }
  for (const lan of lans) {
    const here = lost.filter((one) => one.lan === lan)
    const pairs = [...new Set(here.map(({ pair }) => pair))]
    const alive = here.filter(({ reached }) => reached).length
    if (pairs.length > 1 && alive > 1 && here.length >= pathsOn(plant, lan)) {
      add(lan, lan, sourcesOf(here))
      continue
    }
    for (const pair of pairs) {
      const mine = here.filter((one) => one.pair === pair)
      if (mine.length < 2 || !mine.every(({ reached }) => reached)) continue
      add(`${pair} ${lan}`, lan, sourcesOf(mine), pair)
    }
  }
  return { conditions, causes }
}

function lostPaths(plant: Plant, name: string, paths: PairPaths): readonly Lost[] {
  return unitIds.flatMap((unit) =>
    paths[unit].flatMap((path): readonly Lost[] => {
      if (path.state !== 'down') return []
      const known = plant.devices[unitDevice(name, unit)]?.paths
      const lan = known?.find((one) => one.name === path.name)?.lan
      const source = `${name}.${unit} ${path.name}`
      return lan === undefined ? [] : [{ lan, pair: name, source, reached: isReached(paths[unit]) }]
    }),
  )
}

const isReached = (paths: readonly PathView[]): boolean =>
  paths.some(({ state }) => state === 'carries' || state === 'spare')

/** How many units of the plant have a path on this LAN. */
const pathsOn = ({ pairs, devices }: Plant, lan: string): number =>
  pairs
    .flatMap(({ name }) => unitIds.map((unit) => devices[unitDevice(name, unit)]?.paths ?? []))
    .filter((paths) => paths.some((path) => path.lan === lan)).length

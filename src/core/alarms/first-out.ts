// First-out: which alarm of a group is the root. Where one alarm is a known cause of another, that decides; alarms that have no
// cause here and come within seconds of the pair's first one are taken for its children. The same alarms give the same root.

import { type Plant, unitDevice, unitIds } from '../plant.ts'
import type { AlarmKey } from './alarm-catalogue.ts'
import { catalogue } from './alarm-catalogue.ts'
import type { Alarm } from './alarm-memory.ts'

/** What can have led to an alarm, directly. */
export const causesOf: Readonly<Partial<Record<AlarmKey, readonly AlarmKey[]>>> = {
  'ups-low': ['ups-on-battery'],
  lost: ['ups-low', 'ups-off', 'ups-on-battery', 'lan-down'],
  'epoch-rollback': ['ups-low', 'lost'],
  disputed: ['path-swapped'],
  'primary-lost': ['lost', 'frozen', 'swapped', 'damaged', 'disputed'],
  'none-primary': ['primary-lost', 'stopped', 'lost', 'frozen', 'epoch-rollback'],
  'proposal-unanswered': ['primary-lost', 'none-primary'],
  stopped: ['outcome-unknown', 'lost', 'frozen'],
  'outcome-unknown': ['lost', 'frozen'],
  held: ['outcome-unknown', 'stopped'],
  'role-changed': ['primary-lost', 'lost', 'frozen'],
  'both-primary': ['role-changed'],
  'not-in-sync': ['program-differs', 'role-changed'],
  'path-down': ['lan-down'],
}

/** A cause may be found out so much later than its effect, because its delay is longer, ms. */
const lateMs = 3000
/** Alarms of a pair that come so soon after its first one belong to it, ms. */
const sameEventMs = 10_000

/** For each alarm that has one: the root under which it belongs. */
export function rootsOf(alarms: readonly Alarm[], plant: Plant): ReadonlyMap<string, string> {
  const told = alarms
    .filter(({ key, suppressed }) => suppressed === undefined && catalogue[key].priority < 4)
    .sort(byOrder)
  const ofPair = new Map<string | undefined, Alarm[]>()
  for (const one of told) ofPair.set(one.pair, [...(ofPair.get(one.pair) ?? []), one])
  const feeds = told.length === 0 ? noFeeds : feedsOf(plant)
  const parents = new Map<string, string>()
  for (const alarm of told) {
    const near = alarm.pair === undefined ? [] : (ofPair.get(alarm.pair) ?? [])
    const cause = [...(ofPair.get(undefined) ?? []), ...near]
      .filter((one) => isCause(one, alarm, plant, feeds))
      .sort(byOrder)[0]
    if (cause !== undefined) parents.set(alarm.id, cause.id)
  }
  for (const alarm of told) {
    if (parents.has(alarm.id) || alarm.pair === undefined || alarm.state === 'returned') continue
    const first = ofPair.get(alarm.pair)?.find(({ state }) => state !== 'returned')
    if (first === undefined || first.id === alarm.id) continue
    const isSoon = alarm.raisedWallMs - first.raisedWallMs <= sameEventMs
    if (isSoon && topOf(parents, first.id) !== alarm.id) parents.set(alarm.id, first.id)
  }
  return new Map([...parents.keys()].map((id) => [id, topOf(parents, id)]))
}

/** The UPS units behind each controller. */
type Feeds = ReadonlyMap<string, readonly string[]>
const noFeeds: Feeds = new Map()
const feedsOf = ({ pairs }: Plant): Feeds =>
  new Map(
    pairs.flatMap(({ units }) =>
      unitIds.map((unit) => {
        const { device, power } = units[unit]
        return [device, [...power.anyOf, ...power.allOf]] as const
      }),
    ),
  )

const byOrder = (one: Alarm, other: Alarm): number =>
  one.raisedWallMs - other.raisedWallMs || one.seq - other.seq

/** The table of causes has no circle, so this ends. */
function topOf(parents: ReadonlyMap<string, string>, id: string): string {
  const parent = parents.get(id)
  return parent === undefined ? id : topOf(parents, parent)
}

function isCause(cause: Alarm, effect: Alarm, plant: Plant, feeds: Feeds): boolean {
  if (!causesOf[effect.key]?.includes(cause.key)) return false
  if (cause.raisedWallMs > effect.raisedWallMs + lateMs) return false
  return reaches(cause, effect, plant, feeds)
}

/** Whether the one can touch the other at all: the same unit or pair, a unit that the UPS feeds, a unit on the LAN. */
function reaches(cause: Alarm, effect: Alarm, plant: Plant, feeds: Feeds): boolean {
  if (cause.pair !== undefined) {
    if (cause.pair !== effect.pair) return false
    const units = [unitOf(cause), unitOf(effect)]
    return units.includes(undefined) || units[0] === units[1]
  }
  const devices = effect.pair === undefined ? [] : devicesOf(effect.pair, unitOf(effect))
  if (cause.source === effect.source) return true
  if (cause.key === 'lan-down')
    return devices.some((id) => plant.devices[id]?.paths.some(({ lan }) => lan === cause.source))
  return devices.some((id) => feeds.get(id)?.includes(cause.source))
}

/** The unit that an alarm is about; undefined when it is about its pair. */
function unitOf({ pair, source }: Alarm): string | undefined {
  return unitIds.find((unit) => source.split(' ')[0] === `${pair}.${unit}`)
}

const devicesOf = (pair: string, unit: string | undefined): readonly string[] =>
  unitIds.filter((one) => unit === undefined || unit === one).map((one) => unitDevice(pair, one))

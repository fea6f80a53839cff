// Where the many asynchronous readings meet the one cycle: keeps the newest answer of each device and every scan that ended
// since the last cycle, so that a role which flickered between two cycles is still seen. `take` empties it.

import { type Answered, type Image, isUnknown, type PathReport, type Scan } from '../core/image.ts'
import type { DeviceId } from '../core/plant.ts'

/** Most scans of one device that are kept for one cycle: a burst yields about 5, so this fills only when a cycle is held up. */
export const scansMax = 64

export type Latch = {
  /** Adds a scan that just ended. */
  put(device: DeviceId, scan: Scan): void
  /** What the field said since the last call, for every device: the caller's to keep, never changed afterwards. */
  take(): Image
}

/** `reportsOf` says how the paths of a device stand at the moment of the call. */
export function createLatch(
  devices: readonly DeviceId[],
  reportsOf: (device: DeviceId) => readonly PathReport[] = () => [],
): Latch {
  const newest = new Map<DeviceId, Answered>()
  let scans = new Map<DeviceId, Scan[]>()
  return {
    put(device, scan) {
      const kept = scans.get(device) ?? []
      scans.set(device, kept)
      kept.push(scan)
      if (kept.length > scansMax) kept.splice(mostDispensable(kept), 1)
      if (scan.kind === 'answered' && isNewer(scan, newest.get(device))) newest.set(device, scan)
    },
    take() {
      const taken = scans
      scans = new Map()
      const known = new Set([...devices, ...newest.keys(), ...taken.keys()])
      return Object.fromEntries(
        [...known].map((device) => [
          device,
          imageOf(newest.get(device), taken.get(device) ?? [], reportsOf(device)),
        ]),
      )
    },
  }
}

const imageOf = (
  newest: Answered | undefined,
  scans: readonly Scan[],
  paths: readonly PathReport[],
): Image[string] => ({
  ...(newest !== undefined && { newest }),
  scans,
  ...(paths.length > 0 && { paths }),
})

/** Two paths to one device may end their readings out of order. */
const isNewer = (scan: Answered, known: Answered | undefined): boolean =>
  known === undefined || scan.sentMs >= known.sentMs

/** The oldest of the least bad scans, but never the one that came last: it says how things stand. */
function mostDispensable(scans: readonly Scan[]): number {
  const badnesses = scans.slice(0, -1).map(badness)
  return badnesses.indexOf(Math.min(...badnesses))
}

function badness(scan: Scan): number {
  if (scan.kind === 'failed') return 3
  if (Object.values(scan.values).some(isUnknown)) return 2
  return scan.sample ? 1 : 0
}

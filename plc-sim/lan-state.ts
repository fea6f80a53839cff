// The truth about the ways to a device, for `GET /state`: what is cut on which network, what really
// comes through, and how many frames arrived there.
import { LANS, type Lan } from './link-faults.ts'
import { type Carries, carriesOf, linkFaultsOf } from './paths.ts'
import type { Site } from './site.ts'

/** What the network did at one port of a device. */
export type PortCounts = { readonly port: number; readonly read: number; readonly write: number }

/** Port and frames of one way to a device; undefined when that way is not served. */
export type CountsOf = (device: string, lan: Lan) => PortCounts | undefined

export type LanState = {
  /** 0 on a serial line. */
  readonly port: number
  /** What a new connection gets: the device itself (`live`), or what else. */
  readonly carries: Carries
  /** The faults of this way that are armed. */
  readonly faults: readonly string[]
  readonly readFrames: number
  readonly writeFrames: number
}

export type LanStates = Readonly<Partial<Record<Lan, LanState>>>

/** Every way to a device that is served. */
export function lanStates(site: Site, device: string, countsOf: CountsOf): LanStates {
  const states: Partial<Record<Lan, LanState>> = {}
  for (const path of site.paths.filter((each) => each.device === device)) {
    const counts = countsOf(device, path.lan)
    if (!counts) continue
    states[path.lan] = {
      port: counts.port,
      carries: carriesOf(path),
      faults: linkFaultsOf(path),
      readFrames: counts.read,
      writeFrames: counts.write,
    }
  }
  return states
}

/** All ways of a device together; the port is that of the first network. */
export function totalCounts(device: string, countsOf: CountsOf): PortCounts {
  const served = LANS.flatMap((lan) => countsOf(device, lan) ?? [])
  return {
    port: countsOf(device, 'lan-1')?.port ?? 0,
    read: served.reduce((total, { read }) => total + read, 0),
    write: served.reduce((total, { write }) => total + write, 0),
  }
}

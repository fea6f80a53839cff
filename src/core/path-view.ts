// How the ways to a unit stand, for the doors and the alarms. Pure reading of what the field reported.

import type { DeviceImage, PathReport } from './image.ts'
import type { Device } from './plant.ts'
import type { PathView } from './view.ts'

/** One entry for each configured path, in the order of the plant file. */
export const pathViews = (
  device: Device,
  image: DeviceImage | undefined,
  nowMs: number,
): readonly PathView[] =>
  device.paths.map(({ name, protocol, address }) => {
    const report = image?.paths?.find((one) => one.name === name)
    const common = { name, protocol, address }
    if (report === undefined) {
      return { ...common, state: 'unread', detail: 'not tried yet', lossPct: 0, sinceMs: 0 }
    }
    const { roundTripMs, lossPct, changedMs } = report
    return {
      ...common,
      state: stateOf(report),
      detail: report.refused ?? report.fault ?? '',
      ...(roundTripMs !== undefined && { roundTripMs }),
      lossPct,
      sinceMs: nowMs - changedMs,
    }
  })

function stateOf({ up, carries, refused }: PathReport): PathView['state'] {
  if (refused !== undefined) return 'refused'
  if (up === undefined) return 'unread'
  if (!up) return 'down'
  return carries ? 'carries' : 'spare'
}

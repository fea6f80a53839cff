// The image in the form in which it is recorded. One scan stands in it at several places: as the newest of its device, among the
// scans of the cycle, as the newest of its path. Here it is written once and named by its number everywhere else.

import type { DeviceImage, Image, PathReport, Scan } from '../core/image.ts'

export type PackedImage = Readonly<Record<string, PackedDevice>>

type PackedDevice = Omit<DeviceImage, 'newest' | 'scans' | 'paths'> & {
  readonly newest?: number
  readonly scans: readonly number[]
  readonly paths?: readonly PackedPath[]
  /** The scans that the numbers mean. The first ones stand where they stood in the cycle before: that keeps the changes small. */
  readonly pool: readonly Scan[]
}
type PackedPath = Omit<PathReport, 'newest'> & { readonly newest?: number }

export const packImage = (image: Image): PackedImage =>
  Object.fromEntries(Object.entries(image).map(([device, one]) => [device, packDevice(one)]))

export const unpackImage = (packed: PackedImage): Image =>
  Object.fromEntries(Object.entries(packed).map(([device, one]) => [device, unpackDevice(one)]))

function packDevice(image: DeviceImage): PackedDevice {
  const pool: Scan[] = []
  const numberOf = (scan: Scan): number => {
    const known = pool.indexOf(scan)
    return known >= 0 ? known : pool.push(scan) - 1
  }
  const { newest, scans, paths, ...rest } = image
  const packed = {
    ...(newest !== undefined && { newest: numberOf(newest) }),
    ...(paths !== undefined && {
      paths: paths.map(({ newest: last, ...report }) => ({
        ...report,
        ...(last !== undefined && { newest: numberOf(last) }),
      })),
    }),
    scans: scans.map(numberOf),
  }
  return { ...rest, ...packed, pool }
}

function unpackDevice({ newest, scans, paths, pool, ...rest }: PackedDevice): DeviceImage {
  const scan = (number: number): Scan => {
    const one = pool[number]
    if (one === undefined) throw new SyntaxError(`scan ${number} is not in the recording`)
    return one
  }
  const answered = (number: number) => {
    const one = scan(number)
    if (one.kind !== 'answered') throw new SyntaxError(`scan ${number} should be an answer`)
    return one
  }
  return {
    ...rest,
    ...(newest !== undefined && { newest: answered(newest) }),
    scans: scans.map(scan),
    ...(paths !== undefined && {
      paths: paths.map(({ newest: last, ...report }) => ({
        ...report,
        ...(last !== undefined && { newest: answered(last) }),
      })),
    }),
  }
}

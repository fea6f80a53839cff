// What is read now and then besides the scan, request by request. A part that the device does not give is unknown and says why:
// it must not cost the scan that was good without it.

import type { Value } from '../../core/image.ts'
import type { ModbusPath } from '../../core/plant.ts'
import { unknown } from '../meaning.ts'
import { decoderOf } from './decode.ts'
import type { Outcome } from './outcome.ts'
import { isBitArea, planReads, type Read } from './plan.ts'

/** The requests for the details of a path; none where it has none. */
export const planDetail = (path: ModbusPath): readonly Read[] => planReads(path.detail ?? [], path)

/** The values of one request of the plan, as its outcome gives them. */
export function detailValues(read: Read, outcome: Outcome): Readonly<Record<string, Value>> {
  const { area, address, signals } = read
  const width = isBitArea(area) ? 1 : 2
  return Object.fromEntries(
    signals.map((signal): [string, Value] => [
      signal.key,
      outcome.kind === 'answered'
        ? decoderOf(signal)(outcome.bytes, width * (signal.address - address))
        : unknown(`not read: ${outcome.detail}`),
    ]),
  )
}

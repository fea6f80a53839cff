// What a story can do to the scans of a unit on their way: for conditions that the practice plant itself never loses.

import { CONDITION } from '../../plc-sim/wire.ts'
import { withoutCondition } from './gates/asking.ts'
import type { Rig } from './rig.ts'

/** `condition intake.B running` takes the condition out of what the unit shows; with `back` it is there again. */
export function bendCondition(rig: Rig, device: string, name: string, back: boolean): void {
  if (!isCondition(name)) throw new Error(`no condition is called "${name}"`)
  if (back) rig.bent.delete(device)
  else rig.bent.set(device, withoutCondition(name))
}

const isCondition = (name: string): name is keyof typeof CONDITION => name in CONDITION

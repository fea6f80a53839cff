// Makes a maker's switchover command from a profile that was found right: what the core judges and orders, and the frames that a
// device may be sent for it. Nothing is judged here.

import type { UnitId } from '../core/plant.ts'
import type { DeclaredWrite, VendorCommand, VendorStep } from '../core/vendor-command.ts'
import { right } from './build-path.ts'
import { frameOf } from './command-frame.ts'
import type { VendorEntry, VendorStepEntry } from './command-schema.ts'
import type { Profile } from './profile.ts'

/** Absent for profiles without a maker's command. */
export function vendorOf(
  profile: Profile,
  acceptUnfenced: string | undefined,
): VendorCommand | undefined {
  const entry = profile.commands?.switchover
  if (entry === undefined) return undefined
  return {
    writeTo: entry.write_to,
    steps: stepsOf(entry),
    idempotence: entry.idempotence,
    when: entry.when,
    verify: entry.verify,
    settleMs: entry.settle_ms,
    limitMs: entry.time_limit_ms,
    ...(entry.assisted !== undefined && { assistedProof: entry.assisted.proof }),
    verified: profile.verified,
    reads: [...Object.keys(profile.signals), ...Object.keys(profile.derive)],
    ...(acceptUnfenced !== undefined && { acceptUnfenced }),
  }
}

/** What one unit may be sent: it is written in one case only, that it or the other one shall be primary. */
export function declaredFor(profile: Profile, unit: UnitId): readonly DeclaredWrite[] | undefined {
  const entry = profile.commands?.switchover
  if (entry === undefined) return undefined
  const other = unit === 'A' ? 'B' : 'A'
  const to = entry.write_to === 'primary' ? other : unit
  return writtenSteps(entry).map((step) => right(frameOf(step, to)))
}

/** The steps, and behind them the write that takes a pulse back. */
function writtenSteps({ steps, reset }: VendorEntry): readonly VendorStepEntry[] {
  const last = steps.at(-1)
  if (last === undefined || typeof reset !== 'object') return steps
  return [...steps, { ...last, value: reset.value, read_back: {} }]
}

const stepsOf = (entry: VendorEntry): readonly VendorStep[] =>
  writtenSteps(entry).map((step, index) => ({
    text: { A: textOf(step, 'A'), B: textOf(step, 'B') },
    readBack: step.read_back,
    moves: index >= entry.steps.length - 1,
  }))

function textOf({ at, value }: VendorStepEntry, to: UnitId): string {
  const plain = typeof value === 'object' ? value[to] : value
  return `${String(plain)} to ${at}`
}

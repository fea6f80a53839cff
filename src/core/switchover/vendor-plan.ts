// What a person is told of a maker's command before confirming it: the steps, and the risks that only such a command has.

import { writtenUnit } from '../gates/gates-vendor.ts'
import { otherUnit, type UnitId } from '../plant.ts'
import type { VendorCommand } from '../vendor-command.ts'
import { leaveMs } from './exchange.ts'
import { stepLimitsMs } from './switchover.ts'
import type { Step } from './switchover-memory.ts'

/** The steps of a switchover by the maker's command; `settleMs` is the pair's own time to settle. */
export function vendorSteps(vendor: VendorCommand, to: UnitId, settleMs: number): readonly Step[] {
  const peer = otherUnit(to)
  const writes = vendor.steps.map(({ text }) => text[to]).join(', read back, then ')
  return [
    {
      key: 'claim',
      text: 'read both units after the order; nothing is claimed',
      limitMs: stepLimitsMs.claim,
    },
    {
      key: 'promote',
      text: `the maker's command at ${writtenUnit(vendor, to)}, written once: ${writes}; verify that ${to} is primary and ${peer} is not`,
      limitMs: vendor.steps.length * (leaveMs + vendor.limitMs),
    },
    {
      key: 'settle',
      text: `${to} stays the only primary`,
      limitMs: Math.max(settleMs, vendor.settleMs),
    },
  ]
}

export function vendorRisks(vendor: VendorCommand, to: UnitId): readonly string[] {
  const { idempotence, acceptUnfenced, verified, limitMs } = vendor
  return [
    'a duplicate or a second commander cannot be excluded: the command carries no claim and no number',
    ...(idempotence === 'absolute'
      ? []
      : [
          `it swaps whatever the roles are when it arrives; carried out twice it gives the process back to ${otherUnit(to)}`,
        ]),
    `if nothing shows within ${limitMs / 1000} s it may still be carried out later; then the pair is stopped and a person is asked`,
    ...(verified ? [] : ['this command was never tried on hardware of this type']),
    ...(acceptUnfenced === undefined ? [] : [`one person confirms it, because: ${acceptUnfenced}`]),
  ]
}

// Gates of pairs that are switched by a command of their maker: what the block of ours would say is taken from the signals of the
// profile, and the maker's own preconditions are a gate of their own.

import { identityKeys, identityText } from '../identity.ts'
import { isUnknown, sameValue } from '../image.ts'
import { otherUnit, type UnitId } from '../plant.ts'
import { valueText } from '../sync/value-text.ts'
import type { Conditions, VendorCommand } from '../vendor-command.ts'
import type { Finding } from './finding.ts'
import type { GateContext } from './gate-context.ts'
import { eachUnit, involved, programAsConfigured, unitGates } from './gates-unit.ts'

/** Findings in place of those that look at a status block. */
export const vendorGates = {
  identity: (context, vendor) =>
    eachUnit(
      context,
      involved(context),
      ({ presence, presenceText, values: { identity } }, unit) => {
        if (presence === 'swapped') return { met: 'no', value: presenceText }
        if (isUnknown(identity)) return { met: 'unknown', value: unreadText('identity', vendor) }
        if (identity !== unit) return { met: 'no', value: `says that it is ${valueText(identity)}` }
        return programAsConfigured(context, unit) ?? { met: 'yes', value: `unit ${unit}` }
      },
      'unit and program as configured',
      'the right unit answers at this address',
    ),

  running: (context, vendor) =>
    eachUnit(
      context,
      [context.target],
      ({ values: { running } }) =>
        isUnknown(running)
          ? { met: 'unknown', value: unreadText('running', vendor) }
          : running === true
            ? { met: 'yes', value: 'RUN' }
            : { met: 'no', value: 'not in RUN' },
      'RUN',
      'the controller is put into RUN',
    ),

  commandable: ({ kind, target, automatic }, vendor) => {
    const suits = kind === 'planned' || (kind === 'assisted' && vendor.assistedProof !== undefined)
    // Nothing fences it, so a person confirms each one, whatever the policy says.
    const fits = suits && !automatic
    const unit = writtenUnit(vendor, target)
    const writes = vendor.steps.map(({ text }) => text[target]).join(', then ')
    return {
      met: fits ? 'yes' : 'no',
      value: fits
        ? `maker's command, ${vendor.idempotence}, without a fence: ${writes}, at ${unit}`
        : `the maker's command is not made for this: ${automatic ? 'automatic' : kind}`,
      threshold: vendor.assistedProof === undefined ? 'planned' : 'planned or assisted',
      clearsWhen: 'one unit is primary and the other standby; until then only the maker has a way',
    }
  },

  peer: (context, { assistedProof = {} }) => {
    const { kind, target, units } = context
    const peer = otherUnit(target)
    const words = {
      threshold: `${peer} read as not primary, or proven inactive at ${target}`,
      clearsWhen: `${peer} answers as standby, or the signals that prove it inactive say so`,
    }
    if (kind === 'planned') return { met: 'yes', value: 'the maker moves both roles', ...words }
    const { role, presenceText } = units[peer]
    if (role === 'primary') return { met: 'no', value: `${peer} is primary`, ...words }
    if (role !== 'unknown') return { met: 'yes', value: `${peer} read as ${role}`, ...words }
    const open = unmet(context, target, assistedProof)
    const proven = Object.keys(assistedProof).length > 0 && open.length === 0
    return {
      met: proven ? 'yes' : 'unknown',
      value: proven
        ? `${target} says that ${peer} is inactive: ${Object.keys(assistedProof).join(', ')}`
        : `${peer}: ${presenceText}; nothing proves that it is inactive`,
      ...words,
    }
  },

  program: (context, { reads }) => {
    const keys = identityKeys.filter((key) => reads.includes(key))
    const apart = keys.flatMap((key): readonly { text: string; unknown: boolean }[] => {
      const a = carried(context, 'A')[key]
      const b = carried(context, 'B')[key]
      const unknown = isUnknown(a) || isUnknown(b)
      if (!unknown && sameValue(a, b)) return []
      return [{ text: `${key} A ${identityText(key, a)}, B ${identityText(key, b)}`, unknown }]
    })
    const told = keys.map((key) => `${key} ${identityText(key, carried(context, 'A')[key])}`)
    return {
      met: apart.length === 0 ? 'yes' : apart.some(({ unknown }) => unknown) ? 'unknown' : 'no',
      value:
        apart.map(({ text }) => text).join('; ') ||
        (keys.length === 0
          ? 'this profile reads none; the maker compares them'
          : `${told.join(', ')} on both`),
      threshold: 'equal, as far as the profile reads them',
      clearsWhen: 'both units carry the same program, firmware and configuration',
    }
  },

  load: (context, { reads }) =>
    reads.includes('load_pct') || reads.includes('scan_time_ms')
      ? unitGates.load(context)
      : {
          met: 'yes',
          value: 'this profile does not read it',
          threshold: 'as far as the profile reads it',
          clearsWhen: 'now',
        },
} as const satisfies Readonly<
  Record<string, (context: GateContext, vendor: VendorCommand) => Finding>
>

/**
 * The maker's own preconditions and, for a planned switchover, every reason against readiness that its units show. A lost partner
 * raises most of those reasons, so an assisted failover asks for what the profile names, and no more.
 */
export function vendorFinding(context: GateContext): Finding {
  const { kind, target, pair } = context
  const { when, reads } = pair.vendor ?? { when: { primary: {}, standby: {} }, reads: [] }
  const planned = kind === 'planned'
  const reasons = planned ? reads.filter((key) => key.startsWith('inhibit_')) : []
  const quiet = Object.fromEntries(reasons.map((key) => [key, false]))
  const peer = otherUnit(target)
  const open = [
    ...(planned ? unmet(context, peer, { ...when.primary, ...quiet }) : []),
    ...unmet(context, target, { ...when.standby, ...quiet }),
  ]
  return {
    met: open.some(({ unknown }) => !unknown) ? 'no' : open.length > 0 ? 'unknown' : 'yes',
    value: open.map(({ text }) => text).join('; ') || 'every condition holds',
    threshold: `the conditions of the profile${reasons.length === 0 ? '' : ', and no reason against readiness'}`,
    clearsWhen: open.map(({ wanted }) => wanted).join('; ') || 'now',
  }
}

/** The unit that the command is written to when `to` shall be primary. */
export const writtenUnit = ({ writeTo }: VendorCommand, to: UnitId): UnitId =>
  writeTo === 'primary' ? otherUnit(to) : to

/** Conditions that do not hold at the unit now, or are not known. */
function unmet(
  { units }: Pick<GateContext, 'units'>,
  unit: UnitId,
  conditions: Conditions,
): readonly { readonly text: string; readonly wanted: string; readonly unknown: boolean }[] {
  return Object.entries(conditions).flatMap(([key, wanted]) => {
    const value = units[unit].values[key]
    if (value === wanted) return []
    const name = key.replace(/^inhibit_/, '').replaceAll('_', ' ')
    return [
      {
        text: `${unit}: ${name} ${isUnknown(value) ? 'not known' : `is ${valueText(value)}`}`,
        wanted: `${unit}: ${name} becomes ${String(wanted)}`,
        unknown: isUnknown(value),
      },
    ]
  })
}

const unreadText = (key: string, { reads }: VendorCommand): string =>
  reads.includes(key) ? `${key} not known` : `the profile reads no ${key}`

/** What a unit says now; of a unit that may be silent in this kind, what it last said. */
const carried = ({ kind, target, units, lastValues }: GateContext, unit: UnitId) =>
  kind === 'planned' || unit === target ? units[unit].values : lastValues[unit]

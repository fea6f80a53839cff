// Whether an answer to evidence still counts: what is different between what was shown and what is now. Pure, so that a
// screen can tell it as well as the supervisor does.

import { unitIds } from '../plant.ts'
import type { Evidence } from '../view.ts'

/**
 * What has changed materially between two pieces of evidence, one sentence each; empty when an answer to `shown` still counts.
 * Roles, verdicts, gate results, identities, conditions, alarms, plan, epoch and configuration count by equality; values of
 * stepping classes by their tolerance. Moving values count through the verdict: they differ from moment to moment by nature.
 */
export function materialChange(shown: Evidence, now: Evidence): readonly string[] {
  const changes: string[] = []
  const tell = (what: string, before: string, after: string) => {
    if (before !== after) changes.push(`${what}: was ${before || 'none'}, is ${after || 'none'}`)
  }
  tell('question', shown.question, now.question)
  tell('epoch', String(shown.epoch), String(now.epoch))
  tell('configuration', shown.configDigest.slice(0, 12), now.configDigest.slice(0, 12))
  for (const unit of unitIds) {
    const before = shown.units[unit]
    const after = now.units[unit]
    tell(`role of ${unit}`, before.role, after.role)
    tell(`presence of ${unit}`, before.presence, after.presence)
    tell(`program of ${unit}`, before.program, after.program)
    tell(`firmware of ${unit}`, before.firmware, after.firmware)
    tell(`configuration of ${unit}`, before.configuration, after.configuration)
    tell(`conditions of ${unit}`, before.conditions, after.conditions)
  }
  if (now.kind === 'planned') tell('sync verdict', shown.sync.verdict, now.sync.verdict)
  tell('without a person', shown.automatic ?? '', now.automatic ?? '')
  tell('alarms', shown.alarms.join(', '), now.alarms.join(', '))
  tell(
    'plan',
    shown.plan.map((step) => step.text).join('; '),
    now.plan.map((step) => step.text).join('; '),
  )
  changes.push(...gateChanges(shown, now), ...tagChanges(shown, now))
  return changes
}

function gateChanges(shown: Evidence, now: Evidence): readonly string[] {
  const before = new Map(shown.gates.map((gate) => [gate.gate, gate.met]))
  return now.gates
    .filter((gate) => before.get(gate.gate) !== gate.met)
    .map(
      (gate) =>
        `${gate.title}: was ${before.get(gate.gate) ?? 'not asked'}, is ${gate.met} (${gate.value})`,
    )
}

const stepping = ['identity', 'discrete', 'enum', 'setpoint']

function tagChanges(shown: Evidence, now: Evidence): readonly string[] {
  const after = new Map(now.tags.map((tag) => [tag.name, tag]))
  return shown.tags.flatMap((tag) => {
    const is = after.get(tag.name)
    if (is === undefined) return [`${tag.name}: no longer read`]
    // Without a single primary there is nothing to compare with: only values count then.
    const same = tag.verdict === is.verdict || now.kind !== 'planned'
    const changes = same ? [] : [`${tag.name}: was ${tag.verdict}, is ${is.verdict}`]
    if (!stepping.includes(tag.class)) return changes
    for (const side of ['a', 'b'] as const) {
      const unit = side.toUpperCase()
      if (!withinTolerance(tag[side], is[side], tag.tolerance)) {
        const amount = (value: string) => `${value} ${tag.units}`.trimEnd()
        changes.push(`${tag.name} of ${unit}: was ${amount(tag[side])}, is ${amount(is[side])}`)
      }
    }
    return changes
  })
}

function withinTolerance(before: string, after: string, tolerance: number): boolean {
  if (before === after) return true
  const difference = Math.abs(Number(before) - Number(after))
  return Number.isFinite(difference) && difference <= tolerance
}

// Values that follow from others of the same scan, such as a role that a unit spells with three status bits. The same for every
// protocol, and pure. A rule is never bent to fit: what can't be known for certain is unknown, and an unknown role opens no gate.

import { isUnknown, type Unknown, type Value } from '../core/image.ts'
import type { Derived, DerivedRule } from '../core/plant.ts'

type Values = Readonly<Record<string, Value>>

/**
 * The values with the derived ones added, in the order of the list, so that one may build on those before it. The first rule
 * whose signals all have the values it names gives the result. A rule that one known signal contradicts is passed over; a rule
 * that only unknown ones leave open makes the result unknown, because a later rule would be a guess. One with an input that is
 * not among the values at all (a glance asks for few) is left out. Without rules the same object comes back.
 */
export function derive(derived: readonly Derived[], values: Values): Values {
  if (derived.length === 0) return values
  const all: Record<string, Value> = { ...values }
  for (const one of derived) {
    if (inputsOf(one).every((key) => Object.hasOwn(all, key))) all[one.key] = resultOf(one, all)
  }
  return all
}

/** The keys with each derived one replaced by what it is derived from: what must be read so that all of `keys` are known. */
export function inputsFor(keys: readonly string[], derived: readonly Derived[]): Set<string> {
  const needed = new Set(keys)
  // From the end, because a rule builds only on those before it.
  for (const one of derived.toReversed()) {
    if (needed.delete(one.key)) for (const input of inputsOf(one)) needed.add(input)
  }
  return needed
}

const inputsOf = ({ rules }: Derived): string[] => rules.flatMap((rule) => Object.keys(rule.when))

function resultOf({ rules }: Derived, values: Values): Value {
  for (const rule of rules) {
    const match = matchOf(rule, values)
    if (match === 'yes') return rule.is
    if (match !== 'no') return match
  }
  return { unknown: 'none of its rules fits what was read' }
}

function matchOf({ when }: DerivedRule, values: Values): 'yes' | 'no' | Unknown {
  let open: Unknown | undefined
  for (const [key, wanted] of Object.entries(when)) {
    const value = values[key]
    if (isUnknown(value)) open ??= { unknown: `${key} ${value?.unknown ?? 'is not there'}` }
    else if (value !== wanted) return 'no'
  }
  return open ?? 'yes'
}

// What must hold for a maker's switchover command beyond its shape: frames that can be written, conditions that can come true, a
// read-back between two steps, and a class that fits the rest.

import type { z } from 'zod'
import { frameOf } from './command-frame.ts'
import type { VendorEntry, VendorStepEntry } from './command-schema.ts'
import { whenWrong } from './condition-rules.ts'
import type { profileSchema } from './profile-schema.ts'

type Profile = z.output<typeof profileSchema>
type Fault = {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly onKey?: true
}
type Conditions = VendorEntry['when']['primary']

export function vendorFaults(profile: Profile): readonly Fault[] {
  const { commands, kind, command_at } = profile
  if (commands === undefined) return []
  if (kind === 'ups')
    return [{ path: ['commands'], message: 'a UPS is never written', onKey: true }]
  if (command_at !== undefined) {
    const message =
      'a unit is commanded in one way: by the block at command_at, or by these commands'
    return [{ path: ['commands'], message, onKey: true }]
  }
  const { switchover } = commands
  return [
    ...roleFaults(profile),
    ...switchover.steps.flatMap((step, index) => stepFaults(profile, switchover, step, index)),
    ...classFaults(switchover),
    ...conditionFaults(profile, ['when', 'primary'], switchover.when.primary),
    ...conditionFaults(profile, ['when', 'standby'], switchover.when.standby),
    ...conditionFaults(profile, ['verify', 'target'], switchover.verify.target),
    ...conditionFaults(profile, ['verify', 'peer'], switchover.verify.peer),
    ...assistedFaults(profile, switchover),
  ].map(({ path, ...fault }) => ({ path: ['commands', 'switchover', ...path], ...fault }))
}

/** What follows a command is known from the roles alone. */
function roleFaults({ signals, derive }: Profile): readonly Fault[] {
  if ('role' in signals || 'role' in derive) return []
  return [{ path: [], message: 'needs the signal role: only the roles tell what became of it' }]
}

function stepFaults(
  profile: Profile,
  { steps }: VendorEntry,
  step: VendorStepEntry,
  index: number,
): readonly Fault[] {
  const path = ['steps', index]
  const wrong = (['A', 'B'] as const)
    .map((to) => frameOf(step, to))
    .find((frame) => 'wrong' in frame)
  const unread = index < steps.length - 1 && Object.keys(step.read_back).length === 0
  const message = 'missing; before the next step something must be read that shows this one'
  return [
    ...(wrong === undefined ? [] : [{ path: [...path, ...wrong.key], message: wrong.wrong }]),
    ...(unread ? [{ path: [...path, 'read_back'], message }] : []),
    ...conditionFaults(profile, [...path, 'read_back'], step.read_back),
  ]
}

function classFaults({ idempotence, reset, steps }: VendorEntry): readonly Fault[] {
  if (idempotence === 'pulse' && reset === undefined) {
    return [
      { path: ['reset'], message: 'missing; a pulse falls back by itself or is written back' },
    ]
  }
  if (idempotence !== 'pulse' && reset !== undefined) {
    return [{ path: ['reset'], message: `only a pulse falls back; this one is ${idempotence}` }]
  }
  const last = steps.at(-1)
  if (last === undefined || typeof reset !== 'object') return []
  const frame = frameOf({ ...last, value: reset.value }, 'A')
  return 'wrong' in frame && frame.key[0] === 'value'
    ? [{ path: ['reset', 'value'], message: frame.wrong }]
    : []
}

function assistedFaults(profile: Profile, { assisted, write_to }: VendorEntry): readonly Fault[] {
  if (assisted === undefined) return []
  const path = ['assisted', 'proof']
  return [
    ...(write_to === 'primary'
      ? [{ path: ['assisted'], message: 'the primary is lost then and cannot be written' }]
      : []),
    ...(Object.keys(assisted.proof).length === 0
      ? [{ path, message: 'expected at least one signal that proves the lost unit inactive' }]
      : []),
    ...conditionFaults(profile, path, assisted.proof),
  ]
}

function conditionFaults(
  profile: Profile,
  path: readonly (string | number)[],
  conditions: Conditions,
): readonly Fault[] {
  const known = [...Object.keys(profile.signals), ...Object.keys(profile.derive)]
  return Object.entries(conditions).flatMap(([name, value]): readonly Fault[] => {
    const wrong = whenWrong(name, value, known, profile, '')
    return wrong === undefined ? [] : [{ path: [...path, name], message: wrong }]
  })
}

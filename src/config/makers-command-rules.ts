// Rules on pairs that are switched by a command of their maker: every way must be able to carry it, two persons approve it unless
// the plant file says why not, and what its gates ask for should be read at all.

import { frameOf } from './command-frame.ts'
import { protocolOf } from './path-rules.ts'
import type { Profile, Profiles } from './profile.ts'
import { each, type Finding, field, type Tree, textOf } from './tree.ts'

export function makersCommandRules(root: Tree, profiles: Profiles): readonly Finding[] {
  return each(field(root, 'pairs')).flatMap((pair) => {
    const profile = profiles.get(textOf(field(pair, 'profile')) ?? '')
    if (profile === undefined) return []
    if (profile.commands === undefined) return misplaced(pair, profile)
    const supervised =
      field(pair, 'mode').value === 'supervise' && field(root, 'mode').value !== 'observe'
    return [
      ...approval(pair),
      ...automatic(pair),
      ...(supervised ? [...ways(pair, profile), ...unread(pair, profile)] : []),
    ]
  })
}

function misplaced(pair: Tree, { name }: Profile): readonly Finding[] {
  const at = field(field(pair, 'policy'), 'accept_unfenced')
  if (at.value === undefined) return []
  return [{ at, message: `the profile "${name}" has no command of its maker; remove this key` }]
}

function approval(pair: Tree): readonly Finding[] {
  const policy = field(pair, 'policy')
  const second = field(policy, 'second_person')
  const accepted = field(policy, 'accept_unfenced')
  if (second.value === false && accepted.value === undefined) {
    const message =
      "nothing fences the maker's command, so a second person approves it; " +
      'to do without one, say why in accept_unfenced'
    return [{ at: second, message }]
  }
  if (accepted.value !== undefined && second.value !== false) {
    const message = 'changes nothing while a second person approves; add second_person: false'
    return [{ at: accepted, message, warning: true }]
  }
  return []
}

function automatic(pair: Tree): readonly Finding[] {
  const at = field(field(pair, 'policy'), 'switchover')
  if (at.value !== 'automatic') return []
  const message =
    "a maker's command cannot be fenced, so a person confirms each one: use supervised"
  return [{ at, message }]
}

/** The path that carries a unit is the one that its commands take. */
function ways(pair: Tree, profile: Profile): readonly Finding[] {
  const doors = ['A', 'B'].flatMap((id) => each(field(field(field(pair, 'units'), id), 'paths')))
  const steps = profile.commands?.switchover.steps ?? []
  const functions = steps.map((step) => {
    const frame = frameOf(step, 'A')
    return 'functionCode' in frame ? frame.functionCode : 0
  })
  return doors.flatMap((door): readonly Finding[] => {
    const protocol = protocolOf(door, ['modbus', 'opcua'])
    if (protocol === undefined) return []
    const at = field(door, protocol)
    if (protocol !== 'modbus') {
      const message = `the maker's command of "${profile.name}" goes over Modbus only, so no command could go this way`
      return [{ at, message }]
    }
    const single = functions.find((code) => code === 5 || code === 6)
    if (single === undefined || textOf(at)?.startsWith('tcp:')) return []
    const message =
      `function ${single} is acknowledged by its own repetition, which an echo on a serial line looks like: ` +
      'use function 16 in the profile, or Modbus TCP'
    return [{ at, message }]
  })
}

/** Gates that stay unknown for want of a signal, so that the pair would never be ready. */
const needed: Readonly<Record<string, string>> = {
  identity: 'identity as configured',
  heartbeat: 'heartbeat moving',
  running: 'target runs its program',
}

function unread(pair: Tree, { name, signals, derive }: Profile): readonly Finding[] {
  return Object.entries(needed).flatMap(([key, gate]): readonly Finding[] => {
    if (key in signals || key in derive) return []
    const message = `"${name}" has no signal "${key}": the gate "${gate}" stays unknown and the pair is never ready`
    return [{ at: field(pair, 'profile'), message, warning: true }]
  })
}

// Rules on who confirms and what follows a failure: automatic switchover without what makes it safe, a way back that nobody could
// take, windows that never open.

import type { Profiles } from './profile.ts'
import { each, type Finding, field, type Tree, textOf } from './tree.ts'

export const policyRules = (root: Tree, profiles: Profiles): readonly Finding[] => [
  ...each(field(root, 'pairs')).flatMap((pair) => [
    ...automaticRules(pair, profiles),
    ...failbackRules(root, pair),
  ]),
  ...each(field(root, 'maintenance_windows')).flatMap(windowRules),
]

function automaticRules(pair: Tree, profiles: Profiles): readonly Finding[] {
  const policy = field(pair, 'policy')
  const at = field(policy, 'switchover')
  if (at.value !== 'automatic') return []
  const profile = profiles.get(textOf(field(pair, 'profile')) ?? '')
  const block = profile === undefined || profile.command_at !== undefined
  const second = field(policy, 'second_person')
  return [
    ...(block
      ? []
      : [
          {
            at,
            message: `"automatic" needs the command block in the units; the profile "${profile.name}" has none: use "supervised"`,
          },
        ]),
    ...(field(pair, 'peer_interlock').value === 'wired'
      ? []
      : [
          {
            at,
            message:
              '"automatic" needs a hard-wired peer contact at both units: say "peer_interlock: wired" on the pair when it is so, or use "supervised"',
          },
        ]),
    ...(second.value === true
      ? [
          {
            at: second,
            message:
              'a second person is asked for, and "switchover: automatic" asks for nobody: choose one',
          },
        ]
      : []),
    ...graceRules(policy),
  ]
}

/** The supervisor's own answer must come before the prompt lapses. */
function graceRules(policy: Tree): readonly Finding[] {
  const at = field(policy, 'automatic_after_s')
  const afterS = typeof at.value === 'number' ? at.value : 15
  const confirm = field(policy, 'confirm_s').value
  const confirmS = typeof confirm === 'number' ? confirm : 60
  if (afterS < confirmS) return []
  const place = at.value === undefined ? field(policy, 'switchover') : at
  const message = `automatic_after_s (${afterS}) must be shorter than confirm_s (${confirmS}), or the prompt lapses first`
  return [{ at: place, message }]
}

function failbackRules(root: Tree, pair: Tree): readonly Finding[] {
  const policy = field(pair, 'policy')
  const at = field(policy, 'failback')
  if (at.value === 'immediate' && field(policy, 'switchover').value !== 'automatic') {
    const message = '"immediate" needs "switchover: automatic"; use "operator" or "window"'
    return [{ at, message }]
  }
  if (at.value !== 'window' || each(field(root, 'maintenance_windows')).length > 0) return []
  return [{ at, message: '"window" needs maintenance_windows in the plant file; there are none' }]
}

function windowRules(window: Tree): readonly Finding[] {
  const from = field(window, 'from')
  const to = field(window, 'to')
  if (from.value === undefined || from.value !== to.value) return []
  const message = `the window is empty: it begins and ends at ${textOf(from)}`
  return [{ at: to, message }]
}

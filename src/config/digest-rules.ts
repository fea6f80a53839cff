// What must hold where a pair asks for digests: the profile says where they stand, on every way to the units, and the words that
// are named exist.

import { digestSignal } from '../core/sync/digest-block.ts'
import { isWrong, parseRegister } from './address.ts'
import { oneOf } from './faults.ts'
import { protocolOf } from './path-rules.ts'
import type { Profiles } from './profile.ts'
import { parseSignalAddress } from './signal-address.ts'
import { each, type Finding, field, numberOf, repeated, type Tree, textOf } from './tree.ts'

export function digestRules(root: Tree, profiles: Profiles): readonly Finding[] {
  return each(field(root, 'pairs')).flatMap((pair) => {
    const digest = field(pair, 'digest')
    if (digest.value === undefined) return []
    const ranges = each(field(digest, 'ranges'))
    return [
      ...placeWrong(pair, digest, profiles),
      ...wordsAtWrong(field(digest, 'words_at')),
      ...ranges.flatMap(backwards),
      ...repeated(
        ranges.map((range) => field(range, 'name')),
        (first) => `the name "${textOf(first)}" is taken already`,
      ),
      ...tooQuick(pair, digest),
    ]
  })
}

function placeWrong(pair: Tree, digest: Tree, profiles: Profiles): readonly Finding[] {
  const profile = profiles.get(textOf(field(pair, 'profile')) ?? '')
  if (profile === undefined) return []
  const at = profile.signals[digestSignal]?.at
  if (at === undefined) {
    const message = `the profile "${profile.name}" does not say where digests stand; remove this key`
    return [{ at: digest, message }]
  }
  const parsed = parseSignalAddress(at)
  const doors = ['A', 'B'].flatMap((id) => each(field(field(field(pair, 'units'), id), 'paths')))
  const used = new Set(doors.flatMap((door) => protocolOf(door, ['modbus', 'opcua']) ?? []))
  const lacking = [...used].filter((protocol) => isWrong(parsed) || !(protocol in parsed))
  if (lacking.length === 0) return []
  const message = `the profile "${profile.name}" has no ${oneOf(lacking)} address for digests, and a path of this pair needs it`
  return [{ at: digest, message }]
}

function wordsAtWrong(at: Tree): readonly Finding[] {
  const text = textOf(at)
  if (text === undefined) return []
  const parsed = parseRegister(text)
  if (isWrong(parsed)) return [{ at, message: parsed.wrong }]
  const whole = parsed.bit === undefined && (parsed.area === 'hr' || parsed.area === 'ir')
  return whole ? [] : [{ at, message: `expected a register such as hr:2000, found "${text}"` }]
}

function backwards(range: Tree): readonly Finding[] {
  const from = numberOf(field(range, 'from'))
  const to = numberOf(field(range, 'to'))
  if (from === undefined || to === undefined || from <= to) return []
  return [{ at: field(range, 'to'), message: `ends before it begins: word ${from}` }]
}

/** A limit below two readings would call every standby late. */
function tooQuick(pair: Tree, digest: Tree): readonly Finding[] {
  const lag = field(digest, 'lag_ms')
  const lagMs = numberOf(lag)
  const scanMs = numberOf(field(pair, 'scan_ms')) ?? 200
  if (lagMs === undefined || lagMs >= 2 * scanMs) return []
  return [{ at: lag, message: `expected at least two scans, ${2 * scanMs}` }]
}

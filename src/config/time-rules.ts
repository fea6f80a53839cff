// Rules on the times of a pair and a UPS: limits that could never be met, and the time that a switchover takes.

import type { Mode } from '../core/plant.ts'
import { pairMode } from './build.ts'
import { policySchema } from './policy-schema.ts'
import type { Profiles } from './profile.ts'
import { gatesSchema, pairSchema, plantSchema, upsSchema } from './schema.ts'
import { switchTime } from './timing.ts'
import { each, type Finding, field, type Tree, textOf } from './tree.ts'

export function timeRules(root: Tree, profiles: Profiles): readonly Finding[] {
  return [
    ...each(field(root, 'pairs')).flatMap((pair) => [
      ...pairTimes(pair),
      ...selectTime(root, pair, profiles),
    ]),
    ...each(field(root, 'ups')).flatMap(upsTimes),
  ]
}

/** A number with its default; undefined where the file has something wrong. */
type Time = { readonly at: Tree; readonly value: number | undefined }

function pairTimes(pair: Tree): readonly Finding[] {
  const gates = field(pair, 'gates')
  const policy = field(pair, 'policy')
  const scan = time(pair, 'scan_ms', pairSchema.shape)
  const burst = time(pair, 'burst_ms', pairSchema.shape)
  const timeout = time(pair, 'timeout_ms', pairSchema.shape)
  const lost = time(gates, 'lost_ms', gatesSchema.shape)
  const fresh = time(gates, 'fresh_ms', gatesSchema.shape)
  const heartbeat = time(gates, 'heartbeat_ms', gatesSchema.shape)
  const confirm = time(policy, 'confirm_s', policySchema.shape)
  const again = time(policy, 'propose_again_s', policySchema.shape)
  const findings = [
    atLeast(scan, burst),
    longer(fresh, scan, 'values would never be fresh'),
    longer(lost, scan, 'every unit would be lost'),
    longer(heartbeat, scan, 'every unit would be frozen'),
    atLeast(lost, fresh),
    atLeast(again, confirm),
  ].filter((finding) => finding !== undefined)
  if (findings.length > 0) return findings
  const oneLostAnswerMs = sum(scan, scan, timeout)
  if (lost.value !== undefined && lost.value < oneLostAnswerMs) {
    const message = `one lost answer is enough to call a unit lost: 2 scan_ms + timeout_ms is ${oneLostAnswerMs}`
    return [{ at: place(lost, pair), message, warning: true }]
  }
  return []
}

function upsTimes(ups: Tree): readonly Finding[] {
  const scan = time(ups, 'scan_ms', upsSchema.shape)
  const lost = time(ups, 'lost_ms', upsSchema.shape)
  const finding = longer(lost, scan, 'the UPS would be lost')
  return finding === undefined ? [] : [finding]
}

function selectTime(root: Tree, pair: Tree, profiles: Profiles): readonly Finding[] {
  // A maker's command has no selection.
  if (profiles.get(textOf(field(pair, 'profile')) ?? '')?.commands !== undefined) return []
  const cycleMs = time(root, 'cycle_ms', plantSchema.shape).value
  const burst = time(pair, 'burst_ms', pairSchema.shape)
  const scanTimeMsMax = time(field(pair, 'gates'), 'scan_time_ms_max', gatesSchema.shape).value
  if (cycleMs === undefined || burst.value === undefined || scanTimeMsMax === undefined) return []
  const { fault } = switchTime({ burstMs: burst.value, gates: { scanTimeMsMax } }, { cycleMs })
  if (fault === undefined) return []
  const watched = modeOf(root, pair, profiles) === 'observe'
  return [{ at: pair, message: fault, ...(watched && { warning: true as const }) }]
}

function modeOf(root: Tree, pair: Tree, profiles: Profiles): Mode {
  if (field(root, 'mode').value === 'observe') return 'observe'
  const chosen = pairSchema.shape.mode.safeParse(field(pair, 'mode').value).data
  const profile = profiles.get(textOf(field(pair, 'profile')) ?? '')
  return pairMode(chosen, profile?.verified ?? true)
}

type Field = { readonly safeParse: (value: unknown) => { readonly data?: unknown } }

function time(tree: Tree, key: string, fields: Readonly<Record<string, Field>>): Time {
  const at = field(tree, key)
  const value = fields[key]?.safeParse(at.value).data
  return { at, value: typeof value === 'number' ? value : undefined }
}

const sum = (...times: readonly Time[]): number =>
  times.reduce((total, one) => total + (one.value ?? 0), 0)

const longer = (one: Time, other: Time, otherwise: string): Finding | undefined =>
  one.value === undefined || other.value === undefined || one.value > other.value
    ? undefined
    : {
        at: one.at,
        message: `${one.value} must be longer than ${named(other)}, or ${otherwise}`,
      }

const atLeast = (one: Time, other: Time): Finding | undefined =>
  one.value === undefined || other.value === undefined || one.value >= other.value
    ? undefined
    : { at: one.at, message: `${one.value} must not be shorter than ${named(other)}` }

const named = (time: Time): string => `${time.at.path.at(-1)} (${time.value})`

// A default has no place of its own in the file; the pair is then the place to look.
const place = (one: Time, otherwise: Tree): Tree =>
  one.at.value === undefined ? otherwise : one.at

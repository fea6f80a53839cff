// One write of a maker's command, from its intent to what the reads show. It is never sent again: it leaves within its deadline
// or not at all, and its acknowledgement counts for nothing.

import type { Command, WriteNoteList } from '../cycle.ts'
import type { UnitPair } from '../pair.ts'
import { otherUnit, type UnitId, unitIds } from '../plant.ts'
import type { Conditions, VendorCommand, VendorStep } from '../vendor-command.ts'
import type { SwitchoverKind } from '../view.ts'
import { leaveMs } from './exchange.ts'

export type VendorWrite = {
  readonly unit: UnitId
  /** Index of the step, and of the declared write of the unit. */
  readonly step: number
  readonly seq: number
  /** Number of the intent's record; the write leaves only when that is durable. */
  readonly intentSeq: number
  readonly intentMs: number
  readonly sent?: {
    readonly commandId: string
    readonly handedMs: number
    /** When it left, as the driver reported; absent while nothing is reported. */
    readonly leftMs?: number
    /** What the driver said of it, for people. */
    readonly detail?: string
  }
}

/** What a switchover of this kind is to bring about: a lost primary may stay silent. */
export const aimOf = ({
  kind,
  to,
}: {
  readonly kind: SwitchoverKind
  readonly to: UnitId
}): Aim => ({
  to,
  peerMayBeSilent: kind !== 'planned',
})

/** Hands the write out; `epoch` is the number of the preparation. */
export function handOut(
  write: VendorWrite,
  { pair, device, epoch }: { pair: string; device: string; epoch: number },
  nowMs: number,
): { readonly write: VendorWrite; readonly command: Command } {
  const { unit, step, seq, intentSeq } = write
  const id = `${device}/${epoch}/${seq}`
  const deadlineMs = nowMs + leaveMs
  return {
    write: { ...write, sent: { commandId: id, handedMs: nowMs } },
    command: { id, pair, unit, device, intentSeq, words: [], declared: step, deadlineMs },
  }
}

/** Notes what the driver did with it; `dropped` says why no byte of it left. */
export function noteWrite(
  write: VendorWrite,
  writes: WriteNoteList,
): { readonly write: VendorWrite; readonly dropped?: string } {
  const { sent } = write
  const note = writes.find(({ commandId }) => commandId === sent?.commandId)
  if (sent === undefined || note === undefined) return { write }
  if (note.fate === 'dropped') return { write, dropped: note.detail }
  return { write: { ...write, sent: { ...sent, leftMs: note.atMs, detail: note.detail } } }
}

/** What a command is to bring about: the unit that shall be primary, and whether the other one may stay silent. */
export type Aim = { readonly to: UnitId; readonly peerMayBeSilent: boolean }

/** True when what a step was to bring about is read, in scans that were sent after it had left. */
export function isShown(
  { unit, sent }: VendorWrite,
  step: VendorStep,
  aim: Aim,
  units: UnitPair,
  nowMs: number,
): boolean {
  if (sent === undefined) return false
  const sinceMs = sent.leftMs ?? sent.handedMs
  const after = (one: UnitId): boolean => isReadAfter(units[one].ageMs, sinceMs, nowMs)
  if (!after(unit) || lacking(units, unit, step.readBack).length > 0) return false
  if (!step.moves) return true
  const decisive = aim.peerMayBeSilent ? [aim.to] : unitIds
  return decisive.every(after) && haveMoved(units, aim)
}

/** One primary, the wanted one, and the other unit known to be none unless it may be silent. */
export function haveMoved(units: UnitPair, { to, peerMayBeSilent }: Aim): boolean {
  const { role } = units[otherUnit(to)]
  const left = role === 'standby' || role === 'none' || (peerMayBeSilent && role === 'unknown')
  return units[to].role === 'primary' && left
}

/** What the profile wants to read at the end and does not; undefined when all of it is there. */
export function unverified(
  { verify }: VendorCommand,
  units: UnitPair,
  aim: Aim,
): string | undefined {
  const { to, peerMayBeSilent } = aim
  const peer = otherUnit(to)
  if (!haveMoved(units, aim)) return `A is ${units.A.role}, B is ${units.B.role}`
  const silent = peerMayBeSilent && units[peer].role === 'unknown'
  const open = [
    ...lacking(units, to, verify.target),
    ...(silent ? [] : lacking(units, peer, verify.peer)),
  ]
  return open.length === 0 ? undefined : `not read: ${open.join(', ')}`
}

/** The newest reading of a unit, `ageMs` old, was sent after `sinceMs`. */
export const isReadAfter = (ageMs: number | undefined, sinceMs: number, nowMs: number): boolean =>
  ageMs !== undefined && nowMs - ageMs > sinceMs

const lacking = (units: UnitPair, unit: UnitId, conditions: Conditions): readonly string[] =>
  Object.entries(conditions)
    .filter(([key, wanted]) => units[unit].values[key] !== wanted)
    .map(([key, wanted]) => `${key} of ${unit} ${String(wanted)}`)

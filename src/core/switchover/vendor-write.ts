// One write of a maker's command, from its intent to what the reads show. It is never sent again: it leaves within its deadline
// or not at all, and its acknowledgement counts for nothing.

import type { Command, WriteNoteList } from '../cycle.ts'
import type { UnitPair } from '../pair.ts'
import { otherUnit, type UnitId } from '../plant.ts'
import type { Conditions, VendorCommand, VendorStep } from '../vendor-command.ts'
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

/** True when what a step was to bring about is read, in scans that were sent after it had left. */
export function isShown(
  { unit, sent }: VendorWrite,
  step: VendorStep,
  to: UnitId,
  units: UnitPair,
  nowMs: number,
): boolean {
  if (sent === undefined) return false
  const sinceMs = sent.leftMs ?? sent.handedMs
  if (!isReadAfter(units[unit].ageMs, sinceMs, nowMs)) return false
  if (!hold(units, unit, step.readBack)) return false
  return !step.moves || (isReadAfter(units[to].ageMs, sinceMs, nowMs) && haveMoved(units, to))
}

/** One primary, the wanted one, and the other unit known to be none. */
export const haveMoved = (units: UnitPair, to: UnitId): boolean => {
  const { role } = units[otherUnit(to)]
  return units[to].role === 'primary' && (role === 'standby' || role === 'none')
}

/** What the profile wants to read at the end and does not; undefined when all of it is there. */
export function unverified(
  { verify }: VendorCommand,
  units: UnitPair,
  to: UnitId,
): string | undefined {
  const peer = otherUnit(to)
  if (!haveMoved(units, to)) return `A is ${units.A.role}, B is ${units.B.role}`
  const open = [...lacking(units, to, verify.target), ...lacking(units, peer, verify.peer)]
  return open.length === 0 ? undefined : `not read: ${open.join(', ')}`
}

/** The newest reading of a unit, `ageMs` old, was sent after `sinceMs`. */
export const isReadAfter = (ageMs: number | undefined, sinceMs: number, nowMs: number): boolean =>
  ageMs !== undefined && nowMs - ageMs > sinceMs

const hold = (units: UnitPair, unit: UnitId, conditions: Conditions): boolean =>
  lacking(units, unit, conditions).length === 0

const lacking = (units: UnitPair, unit: UnitId, conditions: Conditions): readonly string[] =>
  Object.entries(conditions)
    .filter(([key, wanted]) => units[unit].values[key] !== wanted)
    .map(([key, wanted]) => `${key} of ${unit} ${String(wanted)}`)

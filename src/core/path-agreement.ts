// Two ways to one unit must tell the same story. When they differ on its role, or one of them shows a heartbeat that the other
// has long left behind, nobody can say which is true, so the unit is unknown.

import type { PathReport } from './image.ts'
import type { GateLimits, Role, Unit } from './plant.ts'
import { identityFault, readUnit } from './unit-reading.ts'

/** What one path showed, newest last; only the last few seconds are kept. */
type Beat = { readonly heartbeat: unknown; readonly sentMs: number }
type PathTrail = { readonly beats: readonly Beat[]; readonly movedMs: number; readonly role: Role }

export type PathMemory = {
  readonly trails: Readonly<Record<string, PathTrail>>
  /** When all paths last agreed on the role. */
  readonly agreedMs: number
}
export const newPathMemory = (nowMs: number): PathMemory => ({ trails: {}, agreedMs: nowMs })

/** Takes in the newest answer of each path, and says why they cannot both be true. */
export function comparePaths(
  memory: PathMemory,
  reports: readonly PathReport[],
  unit: Unit,
  limits: GateLimits,
  nowMs: number,
): { readonly memory: PathMemory; readonly dispute?: string } {
  const trails: Record<string, PathTrail> = {}
  for (const report of reports) {
    const trail = extended(memory.trails[report.name], report, unit, limits, nowMs)
    if (trail !== undefined) trails[report.name] = trail
  }
  const named = Object.entries(trails)
  const roles = new Set(named.map(([, { role }]) => role))
  const agreedMs = roles.size <= 1 ? nowMs : memory.agreedMs
  const dispute =
    nowMs - agreedMs > limits.freshMs
      ? `its paths disagree: ${named.map(([name, { role }]) => `${name} says ${role}`).join(', ')}`
      : behind(named, limits)
  return { memory: { trails, agreedMs }, ...(dispute !== undefined && { dispute }) }
}

/** Undefined for a path that has nothing believable to say now. */
function extended(
  before: PathTrail | undefined,
  { newest, up, refused }: PathReport,
  unit: Unit,
  limits: GateLimits,
  nowMs: number,
): PathTrail | undefined {
  if (newest === undefined || up !== true || refused !== undefined) return undefined
  if (nowMs - newest.sentMs > limits.freshMs) return undefined
  const reading = readUnit(newest.values)
  if (typeof reading === 'string' || identityFault(reading, unit) !== undefined) return undefined
  const { role, heartbeat } = reading
  const last = before?.beats.at(-1)
  if (before !== undefined && last?.sentMs === newest.sentMs) return { ...before, role }
  const moved = last === undefined || last.heartbeat !== heartbeat
  const keepMs = 3 * Math.max(limits.freshMs, limits.heartbeatMs)
  const beats = [
    ...(before?.beats ?? []).filter(({ sentMs }) => newest.sentMs - sentMs <= keepMs),
    { heartbeat, sentMs: newest.sentMs },
  ]
  return { beats, movedMs: moved ? newest.sentMs : (before?.movedMs ?? newest.sentMs), role }
}

/** A gateway that serves old values: its heartbeat stands, or lies where another path saw the unit long ago. */
function behind(
  named: readonly (readonly [string, PathTrail])[],
  limits: GateLimits,
): string | undefined {
  for (const [name, trail] of named) {
    for (const [otherName, other] of named) {
      if (name === otherName) continue
      const newest = trail.beats.at(-1)
      if (newest === undefined) continue
      const stillMs = newest.sentMs - trail.movedMs
      const otherMoves = newest.sentMs - other.movedMs <= limits.heartbeatMs
      if (stillMs > limits.heartbeatMs && otherMoves) {
        return `the heartbeat stands still on ${name} and moves on ${otherName}`
      }
      if (isOlder(newest, other.beats, limits.freshMs)) {
        return `${name} shows an older heartbeat than ${otherName}`
      }
    }
  }
  return undefined
}

/** True when the other path had gone past this heartbeat more than `freshMs` before it was read here. */
function isOlder(beat: Beat, others: readonly Beat[], freshMs: number): boolean {
  const earlier = others.filter(({ sentMs }) => beat.sentMs - sentMs > freshMs).at(-1)
  if (earlier === undefined) return false
  if (typeof beat.heartbeat !== 'number' || typeof earlier.heartbeat !== 'number') return false
  // Counters of 16 bits: half a turn tells before from behind.
  const ahead = (beat.heartbeat - earlier.heartbeat) & 0xffff
  return ahead >= 0x8000
}

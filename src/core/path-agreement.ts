// Two ways to one unit must tell the same story. When they differ on its role, or one of them shows a heartbeat that the other
// has long left behind, nobody can say which is true, so the unit is unknown.

import { type PathReport, sameValue, type Value } from './image.ts'
import type { GateLimits, Role, Unit } from './plant.ts'
import { identityFault, readUnit } from './unit-reading.ts'

/** What one path showed, newest last; only the last few seconds are kept. */
type Beat = { readonly heartbeat: Value | undefined; readonly sentMs: number }
type PathTrail = { readonly beats: readonly Beat[]; readonly movedMs: number; readonly role: Role }

export type PathMemory = {
  readonly trails: Readonly<Record<string, PathTrail>>
  /** When all paths last agreed on the role. */
  readonly agreedMs: number
  /** These trails contradict each other in nothing. */
  readonly clear?: true
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
  // What agreed a cycle ago agrees now.
  if (
    memory.clear &&
    reports.every((one) => isAsBefore(memory.trails[one.name], one, limits, nowMs))
  )
    return { memory: { trails: memory.trails, agreedMs: nowMs, clear: true } }
  const trails: Record<string, PathTrail> = {}
  const named: Named[number][] = []
  for (const report of reports) {
    const trail = extended(memory.trails[report.name], report, unit, limits, nowMs)
    if (trail === undefined) continue
    trails[report.name] = trail
    named.push([report.name, trail])
  }
  const clear = { trails, agreedMs: nowMs, clear: true } as const
  if (named.length < 2) return { memory: clear }
  const conflict = rolesDiffer(named) ?? showsOlder(named, limits)
  // A change reaches one path before the other: only what lasts is a contradiction.
  const agreedMs = conflict === undefined ? nowMs : memory.agreedMs
  const lasting = nowMs - agreedMs > limits.freshMs ? conflict : undefined
  const dispute = standsStill(named, limits) ?? lasting
  if (dispute === undefined)
    return { memory: conflict === undefined ? clear : { trails, agreedMs } }
  return { memory: { trails, agreedMs }, dispute }
}

type Named = readonly (readonly [string, PathTrail])[]

/** Nothing new came on the path since the last cycle, and what it said then is still fresh. */
function isAsBefore(
  before: PathTrail | undefined,
  { newest, up, refused }: PathReport,
  { freshMs }: GateLimits,
  nowMs: number,
): boolean {
  if (newest === undefined || before === undefined) return newest === before
  const { sentMs } = newest
  const isSame = before.beats.at(-1)?.sentMs === sentMs
  return isSame && up === true && refused === undefined && nowMs - sentMs <= freshMs
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
  const last = before?.beats.at(-1)
  // The answer of an earlier cycle: what it says is known.
  if (last?.sentMs === newest.sentMs) return before
  const reading = readUnit(newest.values)
  if (typeof reading === 'string' || identityFault(reading, unit) !== undefined) return undefined
  const { role, heartbeat } = reading
  const moved = last === undefined || !sameValue(last.heartbeat, heartbeat)
  const keepMs = 3 * Math.max(limits.freshMs, limits.heartbeatMs)
  // A program that has started anew counts from the beginning: what was seen before says nothing of it.
  const restarted = last !== undefined && isBehind(heartbeat, last.heartbeat)
  const kept = restarted ? [] : (before?.beats ?? [])
  const beats = [
    ...kept.filter(({ sentMs }) => newest.sentMs - sentMs <= keepMs),
    { heartbeat, sentMs: newest.sentMs },
  ]
  return { beats, movedMs: moved ? newest.sentMs : (before?.movedMs ?? newest.sentMs), role }
}

function rolesDiffer(named: Named): string | undefined {
  const first = named[0]?.[1].role
  if (named.every(([, { role }]) => role === first)) return undefined
  return `its paths disagree: ${named.map(([name, { role }]) => `${name} says ${role}`).join(', ')}`
}

/** A gateway that serves old values: the heartbeat moves on one path only. */
function standsStill(named: Named, { heartbeatMs }: GateLimits): string | undefined {
  return eachTwo(named, ([name, trail], [otherName, other]) => {
    const newestMs = trail.beats.at(-1)?.sentMs ?? 0
    const stands = newestMs - trail.movedMs > heartbeatMs
    const otherMoves = newestMs - other.movedMs <= heartbeatMs
    if (!stands || !otherMoves) return undefined
    return `the heartbeat stands still on ${name} and moves on ${otherName}`
  })
}

/** A gateway with a memory: it shows what another path saw long ago. */
const showsOlder = (named: Named, { freshMs }: GateLimits): string | undefined =>
  eachTwo(named, ([name, trail], [otherName, other]) => {
    const newest = trail.beats.at(-1)
    if (newest === undefined || !isOlder(newest, other.beats, freshMs)) return undefined
    return `${name} shows an older heartbeat than ${otherName}`
  })

function eachTwo(
  named: Named,
  judge: (one: Named[number], other: Named[number]) => string | undefined,
): string | undefined {
  for (const one of named) {
    for (const other of named) {
      const found = one === other ? undefined : judge(one, other)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/**
 * True when the other path had gone past this heartbeat more than `freshMs` before it was read here, and has spoken since: until
 * then this path may just be the first to see that the program has started anew.
 */
function isOlder(beat: Beat, others: readonly Beat[], freshMs: number): boolean {
  const spoken = (others.at(-1)?.sentMs ?? Number.NEGATIVE_INFINITY) >= beat.sentMs
  const earlier = others.findLast(({ sentMs }) => beat.sentMs - sentMs > freshMs)
  return spoken && earlier !== undefined && isBehind(beat.heartbeat, earlier.heartbeat)
}

/** Counters of 16 bits: half a turn tells before from behind. Anything but a number cannot be behind. */
const isBehind = (heartbeat: unknown, other: unknown): boolean =>
  typeof heartbeat === 'number' &&
  typeof other === 'number' &&
  ((heartbeat - other) & 0xffff) >= 0x8000

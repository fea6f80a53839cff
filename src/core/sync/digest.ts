// Whether the data of the two units are equal, by the digests that their programs make of it (docs/protocols.md section 10). Equal
// keys and unequal digests are a difference, whenever the units were read: nothing is learned and nothing is averaged. Where it
// lies is looked for only then, by reading the leaves; `detail` is that wish.

import type { DeviceImage } from '../image.ts'
import { otherUnit, type Pair, type UnitId } from '../plant.ts'
import { seconds } from '../presence.ts'
import type { DigestLimits } from '../tag.ts'
import type { SyncVerdict, TagView } from '../view.ts'
import { sameKey, sameLife, scansBehind } from './digest-block.ts'
import {
  type DigestMemory,
  type Finding,
  leavesApart,
  newDigestMemory,
  type SeenDigest,
  takeDigests,
  type UnitDigests,
} from './digest-memory.ts'
import { digestView } from './digest-view.ts'
import { leavesText } from './digest-words.ts'

export type DigestFacts = {
  readonly verdict: SyncVerdict
  /** What is different or in the way, in words that stay the same while it is; empty when in sync. */
  readonly text: string
  /** The leaves are to be read. */
  readonly detail: boolean
  /** The row among the tags, and a number that moves on whenever it would say something else. */
  readonly view: () => TagView
  readonly version: number
}

/** Takes in what came since the last cycle and judges. Only for a pair that has digests. */
export function judgeDigest(
  before: DigestMemory | undefined,
  pair: Pair,
  limits: DigestLimits,
  images: { readonly A: DeviceImage | undefined; readonly B: DeviceImage | undefined },
  primary: UnitId | undefined,
  nowMs: number,
): { readonly memory: DigestMemory; readonly facts: DigestFacts } {
  const known = before ?? newDigestMemory(nowMs)
  const looking = known.compared?.equal === false
  const kept = digestsKept(limits, pair.scanMs)
  let next: DigestMemory = {
    ...known,
    A: takeDigests(known.A, images.A?.scans ?? [], kept, looking),
    B: takeDigests(known.B, images.B?.scans ?? [], kept, looking),
  }
  if (primary !== undefined) next = compare(follow(next, primary), pair, primary, nowMs)
  next = noted(known, next, judge(next, pair, limits, primary, nowMs), pair, nowMs)
  const { verdict, text } = next.finding
  const detail = primary !== undefined && next.compared?.equal === false
  const view = () => digestView(next, pair)
  return { memory: next, facts: { verdict, text, detail, view, version: next.version } }
}

function noted(
  before: DigestMemory,
  next: DigestMemory,
  finding: Finding,
  pair: Pair,
  nowMs: number,
): DigestMemory {
  const changed = finding.verdict !== before.finding.verdict
  const fresh = { A: isFresh(next.A, pair, nowMs), B: isFresh(next.B, pair, nowMs) }
  const isNews =
    changed ||
    finding.text !== before.finding.text ||
    next.A !== before.A ||
    next.B !== before.B ||
    fresh.A !== before.fresh.A ||
    fresh.B !== before.fresh.B
  if (!isNews) return next
  const version = before.version + 1
  return { ...next, finding, fresh, version, asOfMs: nowMs, ...(changed && { sinceMs: nowMs }) }
}

const isFresh = ({ readMs }: UnitDigests, pair: Pair, nowMs: number): boolean =>
  readMs !== undefined && nowMs - readMs <= pair.gates.freshMs

/** Enough to find a key that the standby shows as late as it may; each reading brings two. */
const digestsKept = ({ lagMs }: DigestLimits, scanMs: number): number =>
  Math.min(64, Math.max(8, 2 * Math.ceil(lagMs / scanMs) + 4))

/** Another primary, another story: what was equal before says nothing about it. */
function follow(memory: DigestMemory, primary: UnitId): DigestMemory {
  if (memory.primary === primary) return memory
  const { compared: _compared, leaves: _leaves, apartMs: _apart, ...rest } = memory
  return { ...rest, primary }
}

/** Lays the digests of the standby that were not compared yet beside those of the primary. */
function compare(memory: DigestMemory, pair: Pair, primary: UnitId, nowMs: number): DigestMemory {
  const lead = memory[primary]
  const standby = memory[otherUnit(primary)]
  let { compared } = memory
  let count = 0
  let allEqual = true
  for (const one of standby.seen) {
    const isOld =
      compared !== undefined && sameLife(compared.key, one) && scansBehind(compared.key, one) <= 0
    const mate =
      isOld || !isOf(pair, primary, one) ? undefined : lead.seen.find((its) => sameKey(its, one))
    if (mate === undefined) continue
    const { origin, start, scan } = one
    compared = { key: { origin, start, scan }, equal: mate.root === one.root, atMs: nowMs }
    allEqual &&= compared.equal
    count += 1
  }
  // One that differed among several that came at once is told, even when a later one is equal again.
  if (compared !== undefined && count > 0) compared = { ...compared, equal: allEqual }
  const { leaves: known, apartMs, ...rest } = memory
  const found = compared?.equal === false ? leavesApart(memory.A, memory.B) : undefined
  // Pages of a scan that is equal again say nothing about the one that differed.
  const leaves = found !== undefined && found.length > 0 ? found : known
  const apart = livesApart(lead, standby) ? (apartMs ?? nowMs) : undefined
  return {
    ...rest,
    ...(compared && { compared }),
    ...(compared?.equal === false && leaves && { leaves }),
    ...(apart !== undefined && { apartMs: apart }),
    minute: counted(memory.minute, count, nowMs),
  }
}

/** A key with another origin is that of an earlier primary. A pair whose units have no numbers is not looked at so closely. */
const isOf = (pair: Pair, primary: UnitId, { origin }: SeenDigest): boolean =>
  pair.units[primary].number === 0 || pair.units[primary].number === origin

function livesApart(lead: UnitDigests, standby: UnitDigests): boolean {
  const [ours, theirs] = [lead.seen.at(-1), standby.seen.at(-1)]
  return ours !== undefined && theirs !== undefined && !sameLife(ours, theirs)
}

function counted(
  minute: DigestMemory['minute'],
  count: number,
  nowMs: number,
): DigestMemory['minute'] {
  const all = minute.count + count
  if (nowMs - minute.startMs >= 60_000) return { startMs: nowMs, count: 0, before: all }
  return count === 0 ? minute : { ...minute, count: all }
}

const cannotTell = (text: string, more?: string): Finding => ({
  verdict: 'cannot tell',
  text,
  ...(more !== undefined && { more }),
})

function judge(
  memory: DigestMemory,
  pair: Pair,
  limits: DigestLimits,
  primary: UnitId | undefined,
  nowMs: number,
): Finding {
  if (primary === undefined) return cannotTell('no single primary to compare digests with')
  const standby = otherUnit(primary)
  for (const unit of [primary, standby]) {
    if (isFresh(memory[unit], pair, nowMs)) continue
    return cannotTell(`digest of ${unit}: ${memory[unit].trouble || 'not read any more'}`)
  }
  const lead = memory[primary]
  const newest = lead.seen.at(-1)
  if (newest !== undefined && !isOf(pair, primary, newest)) {
    return cannotTell(`digest of ${primary} is still one of unit ${newest.origin}`)
  }
  const movedMs = lead.movedMs ?? nowMs
  if (nowMs - movedMs > limits.lagMs) {
    return cannotTell(`digest of ${primary} stands still`, `for ${seconds(nowMs - movedMs)}`)
  }
  if (lead.words !== memory[standby].words) {
    const text = `digest covers ${lead.words} words of ${primary}, ${memory[standby].words} of ${standby}`
    return { verdict: 'different', text }
  }
  return lagging(memory, limits, primary, nowMs) ?? compared(memory, limits, primary, nowMs)
}

/** The standby holds data that are too old, whether they go on or stand still. */
function lagging(
  memory: DigestMemory,
  { lagMs }: DigestLimits,
  primary: UnitId,
  nowMs: number,
): Finding | undefined {
  const standby = otherUnit(primary)
  const theirs = memory[standby].seen.at(-1)
  const ours = memory[primary].seen.at(-1)
  if (ours === undefined || theirs === undefined) return undefined
  const text = `data of ${standby} lag behind (digest)`
  if (memory.apartMs !== undefined) {
    if (nowMs - memory.apartMs <= lagMs) return undefined
    const life = `unit ${theirs.origin}, start ${theirs.start}`
    return { verdict: 'different', text, more: `${standby} holds data of another life: ${life}` }
  }
  const scans = scansBehind(theirs, ours)
  const behindMs = scans * msPerScan(memory[primary].seen)
  if (behindMs <= lagMs) return undefined
  return { verdict: 'different', text, more: `${scans} scans, ${seconds(behindMs)}` }
}

/** As the primary's own keys tell it; 0 before two readings brought new ones. */
function msPerScan(seen: readonly SeenDigest[]): number {
  // What one reading brought besides the newest was there before it was seen.
  const first = seen.findLast(({ atMs }) => atMs === seen[0]?.atMs)
  const last = seen.at(-1)
  if (first === undefined || last === undefined) return 0
  const scans = scansBehind(first, last)
  return scans > 0 ? (last.atMs - first.atMs) / scans : 0
}

function compared(
  { compared: result, leaves, ...memory }: DigestMemory,
  { lagMs, names }: DigestLimits,
  primary: UnitId,
  nowMs: number,
): Finding {
  if (result === undefined) return cannotTell('digest: no scan in common yet')
  if (nowMs - result.atMs > lagMs) {
    return cannotTell('digest: no scan in common', `for ${seconds(nowMs - result.atMs)}`)
  }
  if (result.equal) return { verdict: 'in sync', text: '' }
  const { words } = memory[primary]
  const where =
    leaves === undefined
      ? `of ${words} words differs, the place is not known yet`
      : `differs in ${leavesText(leaves, words, names)}`
  return { verdict: 'different', text: `digest ${where}` }
}

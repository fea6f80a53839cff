// A unit with a maker's own redundancy in place of our command block: its registers, the orders that it takes through them, and
// what the redundancy link between two such units makes of an order (docs/protocols.md section 8). It believes whoever writes.
import { type Controller, isRunning, setActive } from './controller.ts'
import type { Maker, MakerOrder } from './maker-state.ts'
import { uint32 } from './wire.ts'

export const MAKER_AT = 0
/** Where each kind of order is written; the coil of the same meaning as SWAP_AT is 0. */
const ORDER_AT = { swap: 10, choose: 11, pulse: 12, selfFalling: 13 } as const
/** A unit that has given up the process stays away from it for so long before it is standby. */
const WAIT_MS = 300
/** From the write to the change of the roles. */
const TAKES_MS = 60
/** A pulse that falls by itself. */
const FALLS_MS = 500

const STATE = { primary: 1, standby: 2, wait: 3, stop: 4 } as const
const RESULT = { none: 0, done: 1, refused: 2 } as const
const NUMBER = { A: 1, B: 2 } as const

/** Registers 0 to 13; `shown` is the role that the unit shows. */
export function makerWords(
  unit: Controller,
  maker: Maker,
  shown: 'primary' | 'standby' | 'none' | 'unknown',
  identity: { readonly program: number; readonly firmware: number },
): number[] {
  const other = unit.faults.swapped_address !== undefined
  const name = unit.name === 'A' ? (other ? 'B' : 'A') : other ? 'A' : 'B'
  return [
    stateOf(unit, maker, shown),
    NUMBER[name],
    flagsOf(unit),
    unit.shownHeartbeat,
    ...uint32(identity.program),
    ...uint32(identity.firmware),
    maker.result,
    maker.executed & 0xffff,
    0,
    0,
    maker.pulse,
    maker.selfFalling,
  ]
}

/** Takes a write of whole registers; false when one of them takes none, or the unit refuses orders. */
export function writeMaker(
  unit: Controller,
  maker: Maker,
  at: number,
  words: readonly number[],
): boolean {
  if (at < ORDER_AT.swap || at + words.length > ORDER_AT.selfFalling + 1) return false
  maker.written += 1
  if (unit.faults.maker_refuses) return false
  for (const [index, word] of words.entries()) takeWord(unit, maker, at + index, word)
  return true
}

/** Takes a write of the coil 0; true swaps. */
export function writeMakerCoil(unit: Controller, maker: Maker, at: number, on: boolean): boolean {
  if (at !== 0) return false
  maker.written += 1
  if (unit.faults.maker_refuses) return false
  if (on) give(unit, maker, 'other')
  return true
}

/** One scan of the link between the two units: carries out what is due, and takes over from a unit without power. */
export function scanMakers(
  { A, B }: { readonly A: Controller; readonly B: Controller },
  linked: boolean,
  nowMs: number,
): void {
  for (const unit of [A, B]) {
    const { maker } = unit
    if (maker === undefined) continue
    maker.linked = linked
    if (maker.selfFalling !== 0 && nowMs >= maker.fallsAtMs) maker.selfFalling = 0
    const due = maker.orders.filter(({ atMs }) => atMs <= nowMs)
    maker.orders.splice(0, maker.orders.length, ...maker.orders.filter(({ atMs }) => atMs > nowMs))
    if (!isRunning(unit)) continue
    for (const { to, cause } of due) maker.result = move(unit, [A, B], to, { linked, nowMs, cause })
  }
  for (const [unit, peer] of [
    [A, B],
    [B, A],
  ] as const)
    failOver(unit, peer, nowMs)
}

function takeWord(unit: Controller, maker: Maker, at: number, word: number): void {
  const rises = (before: number): boolean => before === 0 && word === 1
  if (at === ORDER_AT.swap && word === 1) give(unit, maker, 'other')
  if (at === ORDER_AT.choose && (word === 1 || word === 2))
    give(unit, maker, word === 1 ? 'A' : 'B')
  if (at === ORDER_AT.pulse) {
    if (rises(maker.pulse)) give(unit, maker, 'other')
    maker.pulse = word
  }
  if (at === ORDER_AT.selfFalling) {
    if (rises(maker.selfFalling)) give(unit, maker, 'other')
    maker.selfFalling = word
    maker.fallsAtMs = unit.senses.nowMs + FALLS_MS
  }
}

function give(unit: Controller, maker: Maker, to: MakerOrder['to']): void {
  const { maker_ignores, maker_late, maker_twice } = unit.faults
  if (maker_ignores) return
  const nowMs = unit.senses.nowMs
  const cause = maker_late ? 'maker command, fault maker_late' : 'maker command'
  maker.orders.push({ to, atMs: nowMs + TAKES_MS + (maker_late?.ms ?? 0), cause })
  if (!maker_twice) return
  const atMs = nowMs + TAKES_MS + maker_twice.ms
  maker.orders.push({ to, atMs, cause: 'maker command, fault maker_twice' })
}

/** The roles change over in one scan, by the link; without a link, a primary or a running standby nothing does. */
function move(
  unit: Controller,
  units: readonly Controller[],
  to: MakerOrder['to'],
  { linked, nowMs, cause }: { linked: boolean; nowMs: number; cause: string },
): number {
  const primary = units.find(({ active }) => active)
  const standby = units.find(({ active }) => !active)
  const wanted = to === 'other' ? standby : units.find(({ name }) => name === to)
  if (wanted !== undefined && wanted === primary) return RESULT.done
  const ready = linked && standby !== undefined && isRunning(standby)
  if (!ready || primary?.maker === undefined || waits(standby, nowMs)) return RESULT.refused
  setActive(primary, false, cause)
  setActive(standby, true, cause)
  primary.maker.waitsUntilMs = nowMs + WAIT_MS
  if (unit.maker) unit.maker.executed += 1
  return RESULT.done
}

/** What the maker's redundancy is there for: a standby takes over from a unit that has no power. */
function failOver(unit: Controller, peer: Controller, nowMs: number): void {
  if (
    peer.maker === undefined ||
    unit.powered ||
    peer.active ||
    !isRunning(peer) ||
    waits(peer, nowMs)
  )
    return
  setActive(peer, true, "maker's own failover")
}

const waits = ({ maker }: Controller, nowMs: number): boolean =>
  maker !== undefined && nowMs < maker.waitsUntilMs

function stateOf(unit: Controller, maker: Maker, shown: string): number {
  if (!isRunning(unit)) return STATE.stop
  if (shown === 'primary') return STATE.primary
  if (shown !== 'standby') return 0
  return unit.senses.nowMs < maker.waitsUntilMs ? STATE.wait : STATE.standby
}

/** Bit 0 the link works, bit 1 what the primary sends is taken over, bit 2 the I/O is reached, bit 15 always. */
function flagsOf(unit: Controller): number {
  const { faults } = unit
  return (
    0x8000 | (unit.maker?.linked ? 1 : 0) | (faults.stuck_tracking ? 0 : 2) | (faults.no_io ? 0 : 4)
  )
}

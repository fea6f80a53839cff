// One at a time: a unit gets its next block only after it has judged the one before, or when it can no longer judge it. This
// holds across switchovers: a claim that was given up is still a block on its way.

import { firstRefusal, resultName } from '../block.ts'
import { type UnitId, unitIds } from '../plant.ts'
import type { Exchange } from './exchange.ts'
import type { OpenBlock, PairCycle, SwitchoverMemory } from './switchover-memory.ts'

type OpenBlocks = SwitchoverMemory['openBlocks']

/** A block that has met its fate in this cycle. */
export type Closed = { readonly unit: UnitId; readonly block: OpenBlock; readonly fate: string }

/** Parts the blocks that were judged by now, or can be judged no more, from those that stay open. */
export function closeJudged(memory: SwitchoverMemory, cycle: PairCycle) {
  const openBlocks: Partial<Record<UnitId, OpenBlock>> = {}
  const closed: Closed[] = []
  for (const unit of unitIds) {
    const block = memory.openBlocks[unit]
    if (block === undefined) continue
    const fate = fateOf(block, unit, cycle)
    if (fate === undefined) openBlocks[unit] = block
    else closed.push({ unit, block, fate })
  }
  return { memory: { ...memory, openBlocks }, closed }
}

/** Tells the fate of blocks for which no switchover waits any more, so that every write has its outcome in the journal. */
export function tellOrphans(memory: SwitchoverMemory, closed: readonly Closed[], cycle: PairCycle) {
  for (const { unit, block, fate } of closed) {
    const { switchover, opcode, epoch, seq } = block
    const told = cycle.ledger.records.some(
      ({ kind, data }) => kind === 'outcome' && data.epoch === epoch && data.seq === seq,
    )
    if (told || isAwaited(memory, unit, block)) continue
    cycle.ledger.record({
      kind: 'outcome',
      pair: cycle.pair.name,
      text: `${opcode} at ${unit}, no longer waited for: ${fate}`,
      data: { id: switchover, unit, opcode, epoch, seq, fate },
    })
  }
}

/** Notes the blocks that this cycle has sent. */
export function noteSent(memory: SwitchoverMemory, before: SwitchoverMemory): SwitchoverMemory {
  const { current } = memory
  if (current === undefined) return memory
  const openBlocks: Partial<Record<UnitId, OpenBlock>> = { ...memory.openBlocks }
  for (const { unit, seq, opcode, sent } of exchangesOf(memory)) {
    if (sent === undefined || wasSent(before, unit, seq)) continue
    const { commandId, handedMs, judgeByMs } = sent
    const { epoch } = current.claim
    openBlocks[unit] = {
      commandId,
      switchover: current.id,
      opcode,
      epoch,
      seq,
      handedMs,
      judgeByMs,
    }
  }
  return { ...memory, openBlocks }
}

/** True while another block may still have to be judged by the unit. */
export const mustWait = (open: OpenBlocks, { unit, seq }: Exchange): boolean =>
  open[unit] !== undefined && open[unit].seq !== seq

const exchangesOf = ({ current }: SwitchoverMemory): readonly Exchange[] =>
  current === undefined ? [] : [...current.claims, ...(current.exchange ? [current.exchange] : [])]

const wasSent = (before: SwitchoverMemory, unit: UnitId, seq: number): boolean =>
  exchangesOf(before).some((one) => one.unit === unit && one.seq === seq && one.sent !== undefined)

const isAwaited = (memory: SwitchoverMemory, unit: UnitId, { seq }: OpenBlock): boolean =>
  exchangesOf(memory).some((one) => one.unit === unit && one.seq === seq)

/** What became of the block; undefined while the unit may still judge it. */
function fateOf(block: OpenBlock, unit: UnitId, { units, input }: PairCycle): string | undefined {
  const { commandId, opcode, epoch, seq, handedMs, judgeByMs } = block
  if (input.writes.some((note) => note.commandId === commandId && note.fate === 'dropped')) {
    return 'never left'
  }
  const read = units[unit].reads.find(
    ({ status, sentMs }) =>
      sentMs >= handedMs &&
      status.judged === seq &&
      status.opcode === opcode &&
      (status.epoch === epoch || status.result >= firstRefusal),
  )
  if (read) return resultName(read.status.result)
  return input.nowMs > judgeByMs ? 'not judged' : undefined
}

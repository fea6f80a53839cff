// The faults that somebody ordered: which of them wait, which are armed. A fault arms at once,
// after a delay, or at the judgement that it waits for (and then after the delay), so that "the
// promote fails after the demote" can be ordered.
import type { Judgement } from './command-block.ts'
import type { FaultOrder } from './fault-order.ts'
import type { ArmedFaults } from './faults.ts'
import type { Lan } from './link-faults.ts'

export type Fault = FaultOrder & {
  readonly id: string
  /** When it arms on the plant's clock; undefined while it waits for its judgement. */
  dueMs: number | undefined
  armed: boolean
}

export type FaultList = { readonly faults: Fault[]; lastId: number }

/** A judgement and the unit that made it, such as `intake.A`. */
export type UnitJudgement = Judgement & { readonly unit: string }

/** A list in which nothing is broken. */
export function newFaultList(): FaultList {
  return { faults: [], lastId: 0 }
}

/** Puts an order on the list; `armDueFaults` arms it when its time has come. */
export function addFault(list: FaultList, order: FaultOrder, nowMs: number): Fault {
  list.lastId += 1
  const dueMs = order.when ? undefined : nowMs + order.afterMs
  const fault: Fault = { ...order, id: String(list.lastId), dueMs, armed: false }
  list.faults.push(fault)
  return fault
}

/** Takes a fault off the list; undefined when there is none with this id. */
export function removeFault(list: FaultList, id: string): Fault | undefined {
  const index = list.faults.findIndex((fault) => fault.id === id)
  return index < 0 ? undefined : list.faults.splice(index, 1)[0]
}

/** Starts the delay of every fault that waited for this judgement. */
export function noticeJudgement(list: FaultList, judgement: UnitJudgement): void {
  for (const fault of list.faults) {
    const { when } = fault
    if (!when || fault.dueMs !== undefined) continue
    const matches =
      when.unit === judgement.unit &&
      (when.opcode ?? judgement.opcode) === judgement.opcode &&
      (when.result ?? judgement.result) === judgement.result
    if (matches) fault.dueMs = judgement.atMs + fault.afterMs
  }
}

/** Arms what is due and returns it, oldest order first. */
export function armDueFaults(list: FaultList, nowMs: number): Fault[] {
  const due = list.faults.filter(
    (fault) => !fault.armed && fault.dueMs !== undefined && fault.dueMs <= nowMs,
  )
  for (const fault of due) fault.armed = true
  return due
}

/**
 * The armed faults of one target; of two of the same kind the newer one counts.
 * @param lan only those that break this way to the target, named or as one of all
 */
export function armedFaults(list: FaultList, target: string, lan?: Lan): ArmedFaults {
  const armed = list.faults.filter(
    (fault) =>
      fault.armed &&
      fault.target === target &&
      (lan === undefined || (fault.parameters.lan ?? lan) === lan),
  )
  return Object.fromEntries(armed.map((fault) => [fault.fault, fault.parameters])) as ArmedFaults
}

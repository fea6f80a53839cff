// What it takes to judge one event by the filter that a client gave. An element may name others, and each of them again: sixty elements
// that name the next one twice are judged for longer than the plant lives, and the library would begin.

import { ContentFilter, ElementOperand, EventFilter, FilterOperator } from 'node-opcua'

/** Elements that are looked at for one event at most, each as often as it is named. */
const costMax = 1_000

/** Puts in the place of a filter that costs more than `max` one that the library refuses: BadEventFilterInvalid. */
export function refuseCostly(filter: unknown, max = costMax): void {
  if (!(filter instanceof EventFilter)) return
  const { whereClause } = filter
  if (!(whereClause instanceof ContentFilter) || costOf(whereClause) <= max) return
  filter.whereClause = new ContentFilter({
    elements: [
      {
        filterOperator: FilterOperator.Not,
        filterOperands: [new ElementOperand({ index: 0 })],
      },
    ],
  })
}

/** From the last element to the first: one may only name those behind it, anything else the library refuses by itself. */
function costOf({ elements }: ContentFilter): number {
  const costs: number[] = []
  for (const [index, element] of [...(elements ?? []).entries()].reverse()) {
    let cost = 1
    for (const operand of element?.filterOperands ?? []) {
      if (operand instanceof ElementOperand && operand.index > index) {
        cost += costs[operand.index] ?? 0
      }
    }
    costs[index] = cost
  }
  return costs[0] ?? 0
}

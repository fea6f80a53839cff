// Lines about clients for the journal. A client that is denied a thousand times a second fills no journal: each source has a few
// lines, then one that says how many more there were.

import type { ToMain } from './messages.ts'

/** `source`: whose lines are counted together. */
export type Tell = (source: string, text: string, data: Readonly<Record<string, string>>) => void

export function openTell(send: (message: ToMain) => void): Tell {
  const budget = openBudget(() => performance.now())
  return (source, text, data) => {
    const more = budget(source)
    if (more === undefined) return
    const rest = more === 0 ? '' : ` (and ${more} more before)`
    send({ kind: 'audit', text: `OPC UA: ${text}${rest}`, data })
  }
}

const linesMax = 20
const oneMoreEachMs = 3_000
const sourcesMax = 1_000

/** For each source, 20 lines and then one every 3 s: yields how many were left out before, or undefined for one left out now. */
function openBudget(nowMs: () => number): (source: string) => number | undefined {
  const sources = new Map<string, { left: number; atMs: number; hidden: number }>()
  return (source) => {
    const now = nowMs()
    const known = sources.get(source) ?? { left: linesMax, atMs: now, hidden: 0 }
    const regained = (now - known.atMs) / oneMoreEachMs
    const left = Math.min(linesMax, known.left + regained)
    const allowed = left >= 1
    sources.delete(source)
    sources.set(source, {
      ...{ left: allowed ? left - 1 : left, atMs: now },
      hidden: allowed ? 0 : known.hidden + 1,
    })
    const oldest = sources.keys().next()
    if (sources.size > sourcesMax && !oldest.done) sources.delete(oldest.value)
    return allowed ? known.hidden : undefined
  }
}

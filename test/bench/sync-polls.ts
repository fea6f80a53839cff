// Polls of two units over a network: when each was sent and answered, when the device took its values, and which were lost.

import type { Random } from '../chance.ts'
import { normal } from './sync-signals.ts'

export type Regime = 'LAN' | 'SKEW' | 'WAN'
export const regimes: readonly Regime[] = ['LAN', 'SKEW', 'WAN']

export type Poll = {
  readonly sentMs: number
  readonly receivedMs: number
  readonly takenMs: number
  readonly lost: boolean
}
export type Round = { readonly A: Poll; readonly B: Poll }

export const pollMs = 1000

type Run = { readonly regime: Regime; readonly seconds: number; readonly seed: number }

/** LAN: both at once. SKEW: the second one later by a constant part of the period, 1 % lost. WAN: 80 ms and more, 5 % lost. */
export function roundsOf({ regime, seconds, seed }: Run, random: Random): readonly Round[] {
  const phaseMs = regime === 'SKEW' ? 200 + 600 * (((seed % 8) + random()) / 8) : 0
  const loss = { LAN: 0, SKEW: 0.01, WAN: 0.05 }[regime]
  const trip = (): number => {
    if (regime !== 'WAN') return 2 + 4 * random()
    return Math.min(900, 80 * Math.exp(0.5 * normal(random)))
  }
  const poll = (sentMs: number): Poll => {
    const tripMs = trip()
    const takenMs = sentMs + tripMs * random()
    return { sentMs, receivedMs: sentMs + tripMs, takenMs, lost: random() < loss }
  }
  return Array.from({ length: seconds }, (_, index) => {
    const startMs = 5000 + index * pollMs
    return { A: poll(startMs), B: poll(startMs + phaseMs) }
  })
}

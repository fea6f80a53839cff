// An alarm that comes and goes: after a few raises it has to stay away for longer before it clears, so that it stands instead of
// ringing again and again.

import type { Raise } from './alarm-memory.ts'

const minute = 60_000
/** An alarm that was raised so often within 10 minutes chatters. */
const chatterRaises = 4
/** It then has to stay away for so long before it clears, ms. */
export const chatterClearMs = minute

export const chatters = (raises: readonly Raise[], id: string, nowMs: number): boolean =>
  raises.filter((one) => one.id === id && nowMs - one.atMs <= 10 * minute).length >= chatterRaises

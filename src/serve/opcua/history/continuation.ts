// Continuation points of history reads: where the next page begins, kept for each session. They are few and small, each serves once, and
// the oldest make room for new ones, as Part 4 (7.9) wants it.

import { randomBytes } from 'node:crypto'

export type Points<Rest> = {
  /** A point for this rest; undefined when this answer has used all that a session may have. */
  give(session: object, rest: Rest, answer: object): Buffer | undefined
  /** The rest behind a point, which is void from then on; undefined when it is not known (any more). */
  take(session: object, point: Buffer): Rest | undefined
}

export type PointLimits = { readonly pointsMax: number; readonly keepMs: number }

type Kept<Rest> = { readonly rest: Rest; readonly atMs: number; readonly answer: object }

/** `nowMs` is monotonic. Points of a session that has gone go with it. */
export function openPoints<Rest>(
  { pointsMax, keepMs }: PointLimits,
  nowMs: () => number = () => performance.now(),
): Points<Rest> {
  const sessions = new WeakMap<object, Map<string, Kept<Rest>>>()
  return {
    give: (session, rest, answer) => {
      const points = sessions.get(session) ?? new Map<string, Kept<Rest>>()
      sessions.set(session, points)
      if (points.size >= pointsMax) {
        const oldest = [...points].find(([, kept]) => kept.answer !== answer)
        if (oldest === undefined) return undefined
        points.delete(oldest[0])
      }
      const point = randomBytes(8)
      points.set(point.toString('hex'), { rest, atMs: nowMs(), answer })
      return point
    },
    take: (session, point) => {
      const key = point.toString('hex')
      const points = sessions.get(session)
      const kept = points?.get(key)
      points?.delete(key)
      return kept === undefined || nowMs() - kept.atMs > keepMs ? undefined : kept.rest
    },
  }
}

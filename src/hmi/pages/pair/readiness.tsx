// What stands against a switchover now: to the unit that is not primary, without a person where that is allowed, and against the way
// back after a failover.

import type { PairView } from '../../../core/view.ts'
import { Obstacles } from '../../parts/obstacles.tsx'
import { texts } from '../../texts.ts'

export function Readiness({ pair }: { pair: PairView }) {
  const { target, automatic, failback } = pair
  const words = texts.pair.readiness
  return (
    <section class="panel readiness">
      <h2>{target === undefined ? words.noTarget : words.title(target)}</h2>
      <Now pair={pair} />
      {automatic !== undefined && (
        <>
          <h3>{words.automatic}</h3>
          {automatic.obstacles.length === 0 ? (
            <p>{words.automaticReady}</p>
          ) : (
            <Obstacles obstacles={automatic.obstacles} />
          )}
        </>
      )}
      {failback !== undefined && (
        <>
          <h3>{words.failback}</h3>
          <p>{failback.text}</p>
        </>
      )}
    </section>
  )
}

function Now({ pair: { target, phase, obstacles } }: { pair: PairView }) {
  const words = texts.pair.readiness
  if (phase !== 'idle') return <p>{words.busy}</p>
  if (target === undefined) return <p class="deviation">{words.noTargetText}</p>
  if (obstacles.length === 0) return <p>{words.ready(target)}</p>
  return (
    <>
      <p>
        <b class="deviation">{words.count(obstacles.length)}</b>
      </p>
      <Obstacles obstacles={obstacles} />
    </>
  )
}

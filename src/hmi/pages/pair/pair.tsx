// The page of one pair: both units side by side, what differs, what stands against a switchover, what happened lately, and the
// commands of the pair.

import type { PairView, UnitView } from '../../../core/view.ts'
import { plant } from '../../live/live.ts'
import { texts } from '../../texts.ts'
import { dateTimeText, durationText } from '../../time-text.ts'
import { Attempts } from './attempts.tsx'
import { Differences } from './differences.tsx'
import { PairCommands } from './pair-commands.tsx'
import { PairTrends } from './pair-trends.tsx'
import { PathTable } from './path-table.tsx'
import { QualifyingPoints } from './qualifying-points.tsx'
import { Readiness } from './readiness.tsx'
import { UnitTable } from './unit-table.tsx'

export function PairPage({ name }: { name: string }) {
  const pair = plant.value?.pairs.find((one) => one.name === name)
  if (pair === undefined) return <p class="waiting">{texts.pair.unknown(name)}</p>
  return (
    <div class="pair-page">
      <Heading pair={pair} />
      <Standing pair={pair} />
      <PairCommands pair={pair} />
      <div class="columns">
        <div>
          <UnitTable pair={pair} />
          <Differences tags={pair.tags} />
          <QualifyingPoints unit={pair.units.A} />
          <QualifyingPoints unit={pair.units.B} />
          <PathTable units={[pair.units.A, pair.units.B]} />
        </div>
        <div>
          <Readiness pair={pair} />
          <PairTrends pair={pair} />
        </div>
      </div>
      <Attempts pair={pair} />
    </div>
  )
}

function Heading({ pair }: { pair: PairView }) {
  const { name, mode, criticality, sync, sentence } = pair
  return (
    <>
      <h1>
        {name}{' '}
        <span class="beside">
          {texts.pair.mode[mode]} · {texts.pair.criticality(criticality)}
        </span>
      </h1>
      <p class="sentence">{sentence}</p>
      <p class="strip">
        <span>
          {texts.pair.sync}:{' '}
          <b class={sync.verdict === 'in sync' ? '' : 'deviation'}>{sync.verdict}</b>{' '}
          <span class="figures">{durationText(sync.sinceMs)}</span>
        </span>
        <span class="muted figures">{texts.pair.coverage(Math.round(sync.coveragePct))}</span>
      </p>
    </>
  )
}

/** What persons or a restart left standing, and what is not settled: loud, because it changes what may be done. */
function Standing({ pair }: { pair: PairView }) {
  const { lockout, held, stopped, unknownOutcome, units } = pair
  const { by, since } = texts.pair
  const lines: readonly (readonly [string, string])[] = [
    ...pick(stopped, ({ text }) => [texts.pair.stopped, text]),
    ...pick(unknownOutcome, (text) => [texts.pair.outcome, text]),
    ...pick(held, (text) => [texts.pair.held, text]),
    ...pick(lockout, (one) => [
      texts.pair.lockedOut,
      `${by(one.by, one.reason)}, ${since(dateTimeText(one.wallMs))}`,
    ]),
    ...unitLines(units.A),
    ...unitLines(units.B),
  ]
  if (lines.length === 0) return null
  return (
    <ul class="standing">
      {lines.map(([word, text]) => (
        <li key={word}>
          <b class="deviation">{word}</b> {text}
        </li>
      ))}
    </ul>
  )
}

function unitLines({ unit, outOfService, flapping }: UnitView) {
  const { by, flapText } = texts.pair
  return [
    ...pick(outOfService, (one) => [texts.pair.outOfService(unit), by(one.by, one.reason)]),
    ...pick(flapping, ({ penalty, clearsInMs }) => [
      texts.pair.flapping(unit),
      flapText(Math.round(penalty), durationText(clearsInMs)),
    ]),
  ]
}

const pick = <T,>(
  one: T | undefined,
  line: (one: T) => readonly [string, string],
): readonly (readonly [string, string])[] => (one === undefined ? [] : [line(one)])

// The overview: what is not normal first and large, everything normal small. Nothing can be ordered here.

import { useMemo } from 'preact/hooks'
import type { AlarmView } from '../../core/alarms/shown.ts'
import type { PairView, UnitView, UpsView } from '../../core/view.ts'
import { askingAlarms } from '../alarm-order.ts'
import { plant } from '../live/live.ts'
import { PriorityMark, RoleMark } from '../parts/marks.tsx'
import { hrefOf } from '../route.ts'
import { texts } from '../texts.ts'
import { dateTimeText, durationText } from '../time-text.ts'

export function OverviewPage() {
  const { value } = plant
  if (value === undefined) return <p class="waiting">{texts.pages.loading}</p>
  const worst = worstAlarms(value.alarms)
  const isQuiet = (pair: PairView): boolean => isNormal(pair) && !worst.has(pair.name)
  const abnormal = value.pairs.filter((pair) => !isQuiet(pair))
  const normal = value.pairs.filter(isQuiet)
  return (
    <>
      <h1>{texts.pages.overview}</h1>
      <p class="sentence">{value.supervisor.sentence}</p>
      <PairGroup
        title={texts.overview.abnormal(abnormal.length)}
        pairs={abnormal}
        worst={worst}
        isLarge
      />
      <PairGroup title={texts.overview.normal(normal.length)} pairs={normal} worst={worst} />
      <Power ups={value.ups} />
      <Paths pairs={value.pairs} />
    </>
  )
}

/** Nothing about the pair asks for a person. */
const isNormal = (pair: PairView): boolean =>
  pair.phase === 'idle' &&
  pair.pairState === 'normal' &&
  pair.sync.verdict === 'in sync' &&
  pair.obstacles.length === 0 &&
  pair.held === undefined &&
  pair.lockout === undefined

/** Of each pair the alarm to look at first. */
function worstAlarms(alarms: readonly AlarmView[]): Worst {
  const worst = new Map<string, AlarmView>()
  for (const alarm of askingAlarms(alarms))
    if (alarm.pair !== undefined && !worst.has(alarm.pair)) worst.set(alarm.pair, alarm)
  return worst
}

type Worst = ReadonlyMap<string, AlarmView>
type GroupProps = {
  title: string
  pairs: readonly PairView[]
  worst: Worst
  isLarge?: boolean
}

function PairGroup({ title, pairs, worst, isLarge = false }: GroupProps) {
  if (pairs.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <ul class={isLarge ? 'tiles' : 'rows'}>
        {pairs.map((pair) => (
          <Tile key={pair.name} pair={pair} alarm={worst.get(pair.name)} isLarge={isLarge} />
        ))}
      </ul>
    </section>
  )
}

type TileProps = { pair: PairView; alarm: AlarmView | undefined; isLarge: boolean }

function Tile({ pair, alarm, isLarge }: TileProps) {
  // Of hundreds of pairs a few change at a time: the others are not drawn again.
  return useMemo(
    () => (
      <li>
        <a class={isLarge ? 'tile' : 'row'} href={hrefOf('pairs', pair.name)}>
          <b class="name">
            {alarm && <PriorityMark priority={alarm.priority} state={alarm.state} />} {pair.name}
          </b>
          <UnitMark unit={pair.units.A} />
          <UnitMark unit={pair.units.B} />
          <SyncText pair={pair} />
          <ReadyText pair={pair} />
          <LastText pair={pair} />
          {isLarge && <p class="sentence">{pair.sentence}</p>}
          {isLarge && pair.obstacles.length > 0 && (
            <ul class="obstacles">
              {pair.obstacles.slice(0, 3).map(({ gate, title, value }) => (
                <li key={gate}>
                  {title}: {value}
                </li>
              ))}
              {pair.obstacles.length > 3 && (
                <li>{texts.overview.more(pair.obstacles.length - 3)}</li>
              )}
            </ul>
          )}
        </a>
      </li>
    ),
    [pair, alarm?.priority, alarm?.state, isLarge],
  )
}

function UnitMark({ unit }: { unit: UnitView }) {
  const isBad = unit.presence !== 'answering'
  return (
    <span class={`unit${isBad ? ' deviation' : ''}`}>
      {unit.unit} <RoleMark role={unit.role} />
      {isBad && <b> {unit.presence}</b>}
      {unit.outOfService && <b> {texts.alarmStates['out of service']}</b>}
    </span>
  )
}

function SyncText({ pair: { sync } }: { pair: PairView }) {
  const isBad = sync.verdict !== 'in sync'
  return (
    <span class={isBad ? 'deviation' : ''}>
      {sync.verdict} <span class="figures muted">{durationText(sync.sinceMs)}</span>
    </span>
  )
}

function ReadyText({ pair }: { pair: PairView }) {
  if (pair.ready) return <span>{texts.overview.ready}</span>
  return <b class="deviation">{texts.overview.notReady(pair.obstacles.length)}</b>
}

function LastText({ pair: { lastEnded } }: { pair: PairView }) {
  const last = lastEnded.reduce<(typeof lastEnded)[number] | undefined>(
    (newest, one) => (newest === undefined || one.endedWallMs > newest.endedWallMs ? one : newest),
    undefined,
  )
  if (last === undefined) return <span class="muted">{texts.overview.noSwitchover}</span>
  return (
    <span class="muted">
      {texts.overview.lastSwitchover(dateTimeText(last.endedWallMs), last.outcome)}
    </span>
  )
}

function Power({ ups }: { ups: readonly UpsView[] }) {
  if (ups.length === 0) return null
  return (
    <section>
      <h2>
        <a href={hrefOf('power')}>{texts.pages.power}</a>
      </h2>
      <ul class="rows">
        {ups.map(({ name, verdict, sentence }) => (
          <li key={name}>
            <a class="row" href={hrefOf('power')}>
              <b class="name">{name}</b>
              <span class={verdict === 'on mains' ? '' : 'deviation'}>{verdict}</span>
              <span class="muted">{sentence}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** How many paths stand, by LAN or protocol: a lost path is seen before it is missed. */
function Paths({ pairs }: { pairs: readonly PairView[] }) {
  const paths = pairs.flatMap(({ units }) => [...units.A.paths, ...units.B.paths])
  const names = [...new Set(paths.map(({ name }) => name))].sort()
  return (
    <section>
      <h2>
        <a href={hrefOf('network')}>{texts.pages.network}</a>
      </h2>
      <p class="strip">
        {names.map((name) => {
          const all = paths.filter((path) => path.name === name)
          const up = all.filter(({ state }) => state === 'carries' || state === 'spare').length
          return (
            <span key={name} class={up < all.length ? 'deviation' : ''}>
              {name} <b class="figures">{`${up}/${all.length}`}</b>
            </span>
          )
        })}
      </p>
    </section>
  )
}

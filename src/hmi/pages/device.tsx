// The page of one unit: what it says of itself, the ways to it, and every tag as this unit has it.

import type { UnitId } from '../../core/plant.ts'
import { otherUnit, unitIds } from '../../core/plant.ts'
import type { PairView, TagView, UnitView } from '../../core/view.ts'
import { plant } from '../live/live.ts'
import { DeviceSignals } from '../parts/device-signals.tsx'
import { RoleMark } from '../parts/marks.tsx'
import { Scroll } from '../parts/scroll.tsx'
import { TagValue } from '../parts/tag-table.tsx'
import { Value } from '../parts/value.tsx'
import { hrefOf } from '../route.ts'
import { texts } from '../texts.ts'
import { durationText } from '../time-text.ts'
import { PathTable } from './pair/path-table.tsx'
import { QualifyingPoints } from './pair/qualifying-points.tsx'

export function DevicePage({ name, unit }: { name: string; unit: string }) {
  const pair = plant.value?.pairs.find((one) => one.name === name)
  const id = unitIds.find((one) => one === unit)
  if (pair === undefined) return <p class="waiting">{texts.pair.unknown(name)}</p>
  if (id === undefined) return <p class="waiting">{texts.pair.unknownUnit(unit)}</p>
  const view = pair.units[id]
  return (
    <div class="device-page">
      <h1>
        {name}.{id} <RoleMark role={view.role} />
      </h1>
      <p>
        <a href={hrefOf('pairs', name)}>{texts.switchover.toPair(name)}</a>
      </p>
      <p class={view.presence === 'answering' ? 'sentence' : 'sentence deviation'}>
        {view.presenceText}
      </p>
      <div class="columns">
        <div>
          <Identity unit={view} />
        </div>
        <div>
          <PathTable units={[view]} />
          <QualifyingPoints unit={view} />
        </div>
      </div>
      <Tags pair={pair} unit={id} />
      <DeviceSignals place={`pairs/${encodeURIComponent(name)}/device/${id}`} />
    </div>
  )
}

function Identity({ unit }: { unit: UnitView }) {
  const words = texts.pair.units
  const isOld = unit.presence !== 'answering'
  const age = (ms: number | undefined) =>
    ms === undefined ? words.never : texts.common.ago(durationText(ms))
  const rows: readonly (readonly [string, string | number | undefined])[] = [
    [words.device, unit.device],
    [words.location, unit.location],
    [words.presence, unit.presence],
    [words.age, age(unit.ageMs)],
    [words.heartbeat, age(unit.heartbeatAgeMs)],
    [words.roundTrip, unit.roundTripMs && `${Math.round(unit.roundTripMs)} ms`],
    [words.program, unit.program],
    [words.firmware, unit.firmware],
    [words.configuration, unit.configuration],
    [words.epoch, unit.epoch],
    [words.conditions, unit.conditions.join(', ') || words.none],
    [words.power, unit.powerText],
  ]
  return (
    <table class="panel">
      <caption>{texts.pair.device.identity}</caption>
      <tbody>
        {rows.map(([label, text]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>
              <Value text={text} isOld={isOld && isRead.has(label)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Rows that come from the unit itself and grow old with it. */
const isRead: ReadonlySet<string> = new Set([
  texts.pair.units.age,
  texts.pair.units.heartbeat,
  texts.pair.units.program,
  texts.pair.units.firmware,
  texts.pair.units.configuration,
  texts.pair.units.epoch,
  texts.pair.units.conditions,
])

function Tags({ pair, unit }: { pair: PairView; unit: UnitId }) {
  const words = texts.pair.device
  const other = otherUnit(unit)
  if (pair.tags.length === 0) return <p>{words.noTags}</p>
  return (
    <div class="panel">
      <Scroll label={words.tags(unit)}>
        <table class="tags">
          <caption>{words.tags(unit)}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.pair.differences.tag}</th>
              <th scope="col" class="number">
                {words.value}
              </th>
              <th scope="col" class="number">
                {words.other(other)}
              </th>
              <th scope="col">{words.quality}</th>
              <th scope="col" class="number">
                {texts.pair.units.age}
              </th>
              <th scope="col">{texts.pair.differences.verdict}</th>
              <th scope="col">{texts.pair.differences.class}</th>
            </tr>
          </thead>
          <tbody>
            {pair.tags.map((tag) => (
              <TagRow key={tag.name} tag={tag} pair={pair} unit={unit} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  )
}

type TagRowProps = { tag: TagView; pair: PairView; unit: UnitId }

function TagRow({ tag, pair, unit }: TagRowProps) {
  const { name, units, verdict, critical } = tag
  const own = unit === 'A' ? tag.a : tag.b
  const others = unit === 'A' ? tag.b : tag.a
  const { ageMs } = pair.units[unit]
  const isGood = verdict === 'in sync' || verdict === 'not compared'
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="number">
        <TagValue value={own} units={units} />
      </td>
      <td class="number muted">
        <TagValue value={others} units={units} />
      </td>
      <td>{own === '?' ? texts.quality.unknown : texts.pair.device.good}</td>
      <td class="number">{ageMs === undefined ? texts.pair.units.never : durationText(ageMs)}</td>
      <td>
        <span class={isGood ? '' : 'deviation'}>{verdict}</span>
        {critical && <b> {texts.pair.differences.critical}</b>}
      </td>
      <td class="muted">{tag.class}</td>
    </tr>
  )
}

// Both units of a pair beside each other: what each says of itself, and how old that is. What differs between the two is marked, and
// what is not known or old looks so.

import type { ComponentChildren } from 'preact'
import type { PairView, UnitView } from '../../../core/view.ts'
import { RoleMark } from '../../parts/marks.tsx'
import { Value } from '../../parts/value.tsx'
import { hrefOf } from '../../route.ts'
import { texts } from '../../texts.ts'
import { durationText } from '../../time-text.ts'

export function UnitTable({ pair }: { pair: PairView }) {
  const { A, B } = pair.units
  const words = texts.pair.units
  const usual = pair.pairState === 'normal'
  return (
    <div class="panel">
      <table class="unit-table">
        <caption>{words.title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.what}</th>
            {[A, B].map(({ unit }) => (
              <th key={unit} scope="col">
                <a href={hrefOf('pairs', pair.name, 'units', unit)}>{words.open(unit)}</a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Row label={words.location} units={[A, B]} show={({ location }) => location} />
          <Row
            label={words.role}
            units={[A, B]}
            show={(unit) => (
              <span class={usual ? '' : 'deviation'}>
                <RoleMark role={unit.role} />
              </span>
            )}
          />
          <Row label={words.presence} units={[A, B]} show={(unit) => <Presence unit={unit} />} />
          <Row label={words.age} units={[A, B]} show={(unit) => <Age unit={unit} of="ageMs" />} />
          <Row
            label={words.heartbeat}
            units={[A, B]}
            show={(unit) => <Age unit={unit} of="heartbeatAgeMs" />}
          />
          {(['program', 'firmware', 'configuration'] as const).map((what) => (
            <Row
              key={what}
              label={words[what]}
              units={[A, B]}
              show={(unit) => (
                <Value text={unit[what]} isOld={isOld(unit)} isDifferent={A[what] !== B[what]} />
              )}
            />
          ))}
          <Row
            label={words.epoch}
            units={[A, B]}
            show={(unit) => (
              <Value
                text={unit.epoch}
                isOld={isOld(unit)}
                isDifferent={pair.phase === 'idle' && A.epoch !== B.epoch}
              />
            )}
          />
          <Row
            label={words.conditions}
            units={[A, B]}
            show={(unit) => (
              <Value text={unit.conditions.join(', ') || words.none} isOld={isOld(unit)} />
            )}
          />
          <Row label={words.power} units={[A, B]} show={({ powerText }) => powerText} />
        </tbody>
      </table>
    </div>
  )
}

type RowProps = {
  label: string
  units: readonly UnitView[]
  show: (unit: UnitView) => ComponentChildren
}

function Row({ label, units, show }: RowProps) {
  return (
    <tr>
      <th scope="row">{label}</th>
      {units.map((unit) => (
        <td key={unit.unit}>{show(unit)}</td>
      ))}
    </tr>
  )
}

function Presence({ unit: { presence, presenceText } }: { unit: UnitView }) {
  const isGood = presence === 'answering'
  return (
    <>
      <span class={isGood ? '' : 'deviation'}>{presence}</span>
      {!isGood && <span class="muted"> {presenceText}</span>}
    </>
  )
}

function Age({ unit, of }: { unit: UnitView; of: 'ageMs' | 'heartbeatAgeMs' }) {
  const ms = unit[of]
  const text = ms === undefined ? texts.pair.units.never : texts.common.ago(durationText(ms))
  return <Value text={text} isOld={isOld(unit)} />
}

const isOld = ({ presence }: UnitView): boolean => presence !== 'answering'

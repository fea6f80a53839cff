// What was checked: the gates that are not met, unknown or overridden in full, and all of them when somebody wants to see them.

import { useState } from 'preact/hooks'
import type { GateResult } from '../../core/view.ts'
import { texts } from '../texts.ts'
import { durationText } from '../time-text.ts'
import { Scroll } from './scroll.tsx'

type GateTableProps = {
  gates: readonly GateResult[]
  /** Begins with all of them. */
  isWhole: boolean
}

export function GateTable({ gates, isWhole }: GateTableProps) {
  const [isAll, setAll] = useState(isWhole)
  const words = texts.switchover.evidence
  const others = gates.filter(({ met }) => met !== 'yes')
  const shown = isAll ? [...others, ...gates.filter(({ met }) => met === 'yes')] : others
  return (
    <section>
      <h3>{words.checked}</h3>
      <div class="strip">
        <b class={others.length === 0 ? '' : 'deviation'}>
          {words.met(gates.length - others.length, gates.length)}
        </b>
        <label class="choice no-print">
          <input
            type="checkbox"
            checked={isAll}
            onChange={({ currentTarget }) => setAll(currentTarget.checked)}
          />
          {words.showMet}
        </label>
      </div>
      {shown.length > 0 && (
        <Scroll label={words.checked}>
          <table>
            <caption class="off-screen">{words.checked}</caption>
            <thead>
              <tr>
                <th scope="col">{words.gate}</th>
                <th scope="col">{words.result}</th>
                <th scope="col">{words.found}</th>
                <th scope="col">{words.wanted}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((gate) => (
                <GateRow key={gate.gate} gate={gate} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  )
}

function GateRow({ gate: { title, met, value, threshold, ageMs } }: { gate: GateResult }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>
        <span class={met === 'yes' ? '' : 'deviation'}>{texts.switchover.evidence.words[met]}</span>
      </td>
      <td>
        {value}
        {ageMs !== undefined && (
          <span class="muted"> {texts.pair.readiness.old(durationText(ageMs))}</span>
        )}
      </td>
      <td class="muted">{threshold}</td>
    </tr>
  )
}

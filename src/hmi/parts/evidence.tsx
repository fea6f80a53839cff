// What a person judges before a switchover: the roles now and after, what happens, what was checked, what differs, what the process
// will feel, the risks and the way back. Shown while it is asked, and again in the report.

import { roleAfter } from '../../core/switchover/role-after.ts'
import type { Evidence } from '../../core/view.ts'
import { texts } from '../texts.ts'
import { durationText } from '../time-text.ts'
import { GateTable } from './gate-table.tsx'
import { RoleMark } from './marks.tsx'
import { TagTable } from './tag-table.tsx'

type EvidenceProps = {
  evidence: Evidence
  /** With every gate and tag, also what is in order: for a report. */
  isWhole?: boolean
}

export function EvidenceParts({ evidence, isWhole = false }: EvidenceProps) {
  const words = texts.switchover.evidence
  const { alarms, risks, wayBack, sync } = evidence
  return (
    <div class="evidence">
      <Roles evidence={evidence} />
      <div>
        <Plan evidence={evidence} />
        <GateTable gates={evidence.gates} isWhole={isWhole} />
        <section>
          <h3>{words.differences}</h3>
          <p>{sync.sentence}</p>
          <Tags evidence={evidence} isWhole={isWhole} />
        </section>
      </div>
      <div>
        <Bump evidence={evidence} />
        <section>
          <h3>{words.alarms}</h3>
          <Lines lines={alarms.length === 0 ? [words.noAlarms] : alarms} />
        </section>
        <section>
          <h3>{words.risks}</h3>
          <Lines lines={risks} />
          <h3>{words.wayBack}</h3>
          <p>{wayBack}</p>
        </section>
        <Units evidence={evidence} />
      </div>
    </div>
  )
}

function Roles({ evidence }: { evidence: Evidence }) {
  const words = texts.switchover.evidence
  const { A, B } = evidence.units
  const rows = [
    { label: words.now, a: A.role, b: B.role },
    { label: words.after, a: roleAfter(evidence, 'A'), b: roleAfter(evidence, 'B') },
  ]
  return (
    <p class="roles">
      {rows.map(({ label, a, b }) => (
        <span key={label}>
          {label}: <b>A</b> <RoleMark role={a} /> <b>B</b> <RoleMark role={b} />
        </span>
      ))}
    </p>
  )
}

function Plan({ evidence: { plan } }: { evidence: Evidence }) {
  const words = texts.switchover.evidence
  return (
    <section>
      <h3>{words.happens}</h3>
      <ol>
        {plan.map(({ text, limitMs }) => (
          <li key={text}>
            {text}{' '}
            {limitMs > 0 && (
              <span class="muted figures">
                ({words.limit} {durationText(limitMs)})
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Tags({ evidence: { tags }, isWhole = false }: EvidenceProps) {
  const words = texts.switchover.evidence
  const compared = tags.filter(({ verdict }) => verdict !== 'not compared')
  const apart = compared.filter(({ verdict }) => verdict !== 'in sync')
  if (isWhole && tags.length > 0) return <TagTable tags={tags} title={words.differences} />
  if (apart.length === 0) return <p class="muted">{words.noDifferences(tags.length)}</p>
  // With one unit lost nothing can be compared: a list of nothing but that would hide the rest.
  if (apart.every(({ verdict }) => verdict === 'cannot tell') && apart.length === compared.length)
    return <p class="deviation">{words.noneCompared(compared.length)}</p>
  return <TagTable tags={apart} title={words.differences} />
}

function Bump({ evidence: { forecast = [], budget } }: { evidence: Evidence }) {
  const words = texts.switchover.evidence
  if (forecast.length === 0 && budget === undefined) return null
  return (
    <section>
      {forecast.length > 0 && (
        <>
          <h3>{words.forecast}</h3>
          <Lines lines={forecast.map(({ text }) => text)} />
        </>
      )}
      {budget !== undefined && (
        <>
          <h3>{words.budget}</h3>
          <p>{budget.text}</p>
        </>
      )}
    </section>
  )
}

/** Program, firmware and configuration: one line where both run the same, both values where they do not. */
function Units({ evidence: { units } }: { evidence: Evidence }) {
  const words = texts.switchover.evidence
  const { A, B } = units
  const lines = (['program', 'firmware', 'configuration', 'conditions'] as const).map((what) => ({
    what: texts.pair.units[what],
    text: A[what] === B[what] ? words.same(A[what]) : `A ${A[what]}, B ${B[what]}`,
    isDifferent: A[what] !== B[what] && what !== 'conditions',
  }))
  const unread = [A, B].flatMap(({ presence }, index) =>
    presence === 'answering' ? [] : [`${index === 0 ? 'A' : 'B'}: ${presence}`],
  )
  return (
    <section>
      <h3>{words.units}</h3>
      <ul>
        {unread.map((line) => (
          <li key={line}>
            <span class="deviation">{line}</span>
          </li>
        ))}
        {lines.map(({ what, text, isDifferent }) => (
          <li key={what}>
            {what}: <span class={isDifferent ? 'deviation' : ''}>{text}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const Lines = ({ lines }: { lines: readonly string[] }) => (
  <ul>
    {lines.map((line) => (
      <li key={line}>{line}</li>
    ))}
  </ul>
)

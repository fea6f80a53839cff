// The last switchovers of a pair, the newest first, each with how it ended and its report.

import type { EndedView, PairView } from '../../../core/view.ts'
import { Scroll } from '../../parts/scroll.tsx'
import { hrefOf } from '../../route.ts'
import { texts } from '../../texts.ts'
import { dateTimeText } from '../../time-text.ts'

export function Attempts({ pair: { name, lastEnded } }: { pair: PairView }) {
  const words = texts.pair.attempts
  const newestFirst = [...lastEnded].sort((one, other) => other.endedWallMs - one.endedWallMs)
  return (
    <section class="panel">
      <h2>{words.title}</h2>
      {newestFirst.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <Scroll label={words.title}>
          <table>
            <caption class="off-screen">{words.title}</caption>
            <thead>
              <tr>
                <th scope="col">{words.time}</th>
                <th scope="col">{words.kind}</th>
                <th scope="col">{words.to}</th>
                <th scope="col">{words.outcome}</th>
                <th scope="col">{words.by}</th>
                <th scope="col">{words.text}</th>
                <th scope="col">{words.report}</th>
              </tr>
            </thead>
            <tbody>
              {newestFirst.map((ended) => (
                <Attempt key={ended.id} pair={name} ended={ended} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  )
}

function Attempt({ pair, ended }: { pair: string; ended: EndedView }) {
  const { id, kind, to, outcome, by, text, endedWallMs, report } = ended
  return (
    <tr>
      <th scope="row" class="figures">
        {dateTimeText(endedWallMs)}
      </th>
      <td>{texts.switchover.kinds[kind]}</td>
      <td>{to}</td>
      <td>
        <span class={outcome === 'done' ? '' : 'deviation'}>{outcome}</span>
      </td>
      <td>{by}</td>
      <td>
        {text}
        {report !== undefined && <div class="muted">{report.text}</div>}
      </td>
      <td>
        <a href={hrefOf('pairs', pair, 'report', id)}>{texts.pair.attempts.open(id)}</a>
      </td>
    </tr>
  )
}

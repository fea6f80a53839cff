// What has happened since the last change of shift, and what stands now, as tables and lists that are read from top to bottom.

import type { ComponentChildren } from 'preact'
import type { HandoverReport, Happened } from '../../../serve/handover-report.ts'
import { Scroll } from '../../parts/scroll.tsx'
import { hrefOf } from '../../route.ts'
import { texts } from '../../texts.ts'
import { dateTimeText } from '../../time-text.ts'

type HappeningsProps = { title: string; happened: readonly Happened[] }

export function Happenings({ title, happened }: HappeningsProps) {
  const words = texts.handover
  return (
    <section>
      <h2>{title}</h2>
      {happened.length === 0 ? (
        <p class="muted">{words.nothing}</p>
      ) : (
        <Scroll label={title}>
          <table class="records">
            <caption class="off-screen">{title}</caption>
            <thead>
              <tr>
                {Object.entries(words.columns).map(([name, text]) => (
                  <th key={name} scope="col">
                    {text}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {happened.map(({ seq, wallMs, what, text, pair, by, count }) => (
                <tr key={`${seq} ${what}`}>
                  <th scope="row" class="figures time">
                    {dateTimeText(wallMs)}
                  </th>
                  <td>{what}</td>
                  <td class="text">{text}</td>
                  <td>{pair !== undefined && <PairLink name={pair} />}</td>
                  <td>{by}</td>
                  <td class="number">{count > 1 && count}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  )
}

export function Standing({ standing }: { standing: HandoverReport['standing'] }) {
  const words = texts.handover
  const { kinds } = words
  return (
    <section>
      <h2>{words.standing}</h2>
      <div class="rate-columns">
        <Kind title={kinds.prompts}>
          {standing.prompts.map(({ pair, id }) => (
            <li key={id}>
              <a href={hrefOf('pairs', pair, 'switchover')}>{pair}</a>: {id}
            </li>
          ))}
        </Kind>
        <Kind title={kinds.notReady}>
          {standing.notReady.map(({ pair, sentence }) => (
            <li key={pair}>
              <a href={hrefOf('pairs', pair)}>{sentence}</a>
            </li>
          ))}
        </Kind>
        <Kind title={kinds.alarms}>
          {standing.alarms.map(({ id, priority, state, text }) => (
            <li key={id}>
              <b class={`p${priority}-text`}>{priority}</b> {text} ({state})
            </li>
          ))}
        </Kind>
        <Kind title={kinds.putAside}>
          {standing.putAside.map(({ id, state, by = '', reason = '' }) => (
            <li key={id}>
              {id} ({state}) {words.by(by, reason)}
            </li>
          ))}
        </Kind>
        <Kind title={kinds.lockouts}>
          {standing.lockouts.map(({ pair, by, reason }) => (
            <li key={pair}>
              <PairLink name={pair} /> {words.by(by, reason)}
            </li>
          ))}
        </Kind>
        <Kind title={kinds.outOfService}>
          {standing.outOfService.map(({ unit, by, reason }) => (
            <li key={unit}>
              {unit} {words.by(by, reason)}
            </li>
          ))}
        </Kind>
        <Kind title={kinds.unproven}>
          {standing.unproven.map(({ pair, lastProvenWallMs: last }) => (
            <li key={pair}>
              <PairLink name={pair} />:{' '}
              {last === undefined ? words.never : words.proven(dateTimeText(last))}
            </li>
          ))}
        </Kind>
      </div>
    </section>
  )
}

/** Also what is empty is said: nobody should wonder whether it was looked at. */
function Kind({ title, children }: { title: string; children: ComponentChildren[] }) {
  return (
    <section>
      <h3>{title}</h3>
      {children.length === 0 ? <p class="muted">{texts.handover.nothing}</p> : <ul>{children}</ul>}
    </section>
  )
}

const PairLink = ({ name }: { name: string }) => <a href={hrefOf('pairs', name)}>{name}</a>

// The place for drills: planned switchovers that prove the redundancy. Until they can be planned here, it shows when each pair was switched
// last, because a standby that was never used is only believed to work.

import { plant } from '../live/live.ts'
import { Scroll } from '../parts/scroll.tsx'
import { hrefOf } from '../route.ts'
import { texts } from '../texts.ts'
import { dateTimeText } from '../time-text.ts'

export function DrillsPage() {
  const pairs = plant.value?.pairs ?? []
  return (
    <>
      <h1>{texts.pages.drills}</h1>
      <p>{texts.drills.later}</p>
      <Scroll label={texts.drills.proven}>
        <table>
          <caption>{texts.drills.proven}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.pages.pair}</th>
              <th scope="col">{texts.drills.last}</th>
              <th scope="col">{texts.drills.outcome}</th>
            </tr>
          </thead>
          <tbody>
            {pairs.map(({ name, lastEnded }) => {
              const last = lastEnded.find(({ outcome }) => outcome === 'done')
              return (
                <tr key={name}>
                  <th scope="row">
                    <a href={hrefOf('pairs', name)}>{name}</a>
                  </th>
                  <td class="figures">
                    {last === undefined ? texts.drills.never : dateTimeText(last.endedWallMs)}
                  </td>
                  <td>{last?.text}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </Scroll>
    </>
  )
}

// Every way to every device, in one matrix: units down, networks across, and how each way stands.

import type { PairView, PathView } from '../../core/view.ts'
import { plant } from '../live/live.ts'
import { Scroll } from '../parts/scroll.tsx'
import { hrefOf } from '../route.ts'
import { texts } from '../texts.ts'
import { durationText } from '../time-text.ts'

export function NetworkPage() {
  const pairs = plant.value?.pairs ?? []
  const names = pathNames(pairs)
  return (
    <>
      <h1>{texts.pages.network}</h1>
      <Scroll label={texts.network.caption}>
        <table class="matrix">
          <caption class="off-screen">{texts.network.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{texts.network.unit}</th>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pairs.flatMap((pair) =>
              (['A', 'B'] as const).map((unit) => (
                <tr key={pair.name + unit}>
                  <th scope="row">
                    <a href={hrefOf('pairs', pair.name, 'units', unit)}>
                      {pair.name}.{unit}
                    </a>
                  </th>
                  {names.map((name) => (
                    <td key={name}>
                      <Cell paths={pair.units[unit].paths.filter((path) => path.name === name)} />
                    </td>
                  ))}
                </tr>
              )),
            )}
          </tbody>
        </table>
      </Scroll>
      <Supplies />
    </>
  )
}

const pathNames = (pairs: readonly PairView[]): readonly string[] => {
  const paths = pairs.flatMap(({ units }) => [...units.A.paths, ...units.B.paths])
  return [...new Set(paths.map(({ name }) => name))].sort()
}

function Cell({ paths }: { paths: readonly PathView[] }) {
  if (paths.length === 0) return <span class="muted">{texts.network.none}</span>
  return (
    <>
      {paths.map((path) => (
        <div key={path.address} class="path">
          <b class={isSound(path) ? '' : 'deviation'}>{texts.network.states[path.state]}</b>{' '}
          <span class="figures muted">
            {path.protocol} {path.address}
          </span>
          <br />
          <span class="figures">
            {path.roundTripMs === undefined || !isSound(path)
              ? texts.quality.unknown
              : `${path.roundTripMs.toFixed(0)} ms`}
            , {texts.network.loss(path.lossPct)}
          </span>{' '}
          <span class="muted">{texts.network.since(durationText(path.sinceMs))}</span>
          {path.detail !== '' && <div class="muted">{path.detail}</div>}
        </div>
      ))}
    </>
  )
}

const isSound = ({ state }: PathView): boolean => state === 'carries' || state === 'spare'

/** A UPS has one way; when it is silent, that is told here too. */
function Supplies() {
  const all = plant.value?.ups ?? []
  return (
    <section>
      <h2>{texts.pages.power}</h2>
      <ul class="rows">
        {all.map(({ name, verdict, ageMs }) => (
          <li key={name} class="row">
            <b class="name">{name}</b>
            <span class={verdict === 'unknown' ? 'deviation' : ''}>{verdict}</span>
            <span class="figures muted">
              {ageMs === undefined ? texts.quality.unknown : texts.common.ago(durationText(ageMs))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

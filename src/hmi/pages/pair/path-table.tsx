// The ways to units, one row each: which one carries, what is down and why, how fast and how reliable each is.

import type { PathView, UnitView } from '../../../core/view.ts'
import { Scroll } from '../../parts/scroll.tsx'
import { texts } from '../../texts.ts'
import { durationText } from '../../time-text.ts'

export function PathTable({ units }: { units: readonly UnitView[] }) {
  const words = texts.pair.paths
  const rows = units.flatMap(({ unit, paths }) => paths.map((path) => ({ unit, path })))
  return (
    <div class="panel">
      <Scroll label={words.title}>
        <table>
          <caption>{words.title}</caption>
          <thead>
            <tr>
              <th scope="col">{words.unit}</th>
              <th scope="col">{words.path}</th>
              <th scope="col">{words.state}</th>
              <th scope="col" class="number">
                {words.roundTrip}
              </th>
              <th scope="col" class="number">
                {words.loss}
              </th>
              <th scope="col" class="number">
                {words.since}
              </th>
              <th scope="col">{words.address}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ unit, path }) => (
              <PathRow key={unit + path.name + path.address} unit={unit} path={path} />
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  )
}

function PathRow({ unit, path }: { unit: string; path: PathView }) {
  const { name, state, roundTripMs, lossPct, sinceMs, protocol, address, detail } = path
  const isGood = state === 'carries' || state === 'spare'
  return (
    <tr>
      <td>{unit}</td>
      <th scope="row">{name}</th>
      <td>
        <span class={isGood ? '' : 'deviation'}>{state}</span>
        {!isGood && <span class="muted"> {detail}</span>}
      </td>
      <td class="number">{roundTripMs === undefined ? '-' : `${Math.round(roundTripMs)} ms`}</td>
      <td class="number">{`${Math.round(lossPct * 10) / 10} %`}</td>
      <td class="number">{durationText(sinceMs)}</td>
      <td class="muted">
        {protocol} {address}
      </td>
    </tr>
  )
}

// Short trends of a pair: how long its units take to answer, and one tag of both units on one chart.

import { useState } from 'preact/hooks'
import type { PairView } from '../../../core/view.ts'
import { tagId, unitId } from '../../../serve/opcua/node-names.ts'
import { Trend } from '../../parts/trend.tsx'
import { texts } from '../../texts.ts'

export function PairTrends({ pair }: { pair: PairView }) {
  const words = texts.pair.trends
  const { name, units } = pair
  return (
    <section class="trends panel">
      <h2>{words.title}</h2>
      <TagTrend pair={pair} />
      <Trend
        title={words.roundTrip}
        units="ms"
        lines={(['A', 'B'] as const).map((unit) => ({
          label: unit,
          series: `${unitId(name, unit)}.RoundTripMs`,
          now: units[unit].roundTripMs,
        }))}
      />
    </section>
  )
}

function TagTrend({ pair: { name, tags } }: { pair: PairView }) {
  const numeric = tags.filter(({ a, b }) => isNumber(a) || isNumber(b))
  const [chosen, setChosen] = useState<string>()
  const tag = numeric.find((one) => one.name === chosen) ?? numeric[0]
  if (tag === undefined) return null
  return (
    <>
      <label class="choice no-print">
        {texts.pair.trends.tag}{' '}
        <select value={tag.name} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
          {numeric.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </select>
      </label>
      <Trend
        key={tag.name}
        title={tag.name}
        units={tag.units}
        lines={[
          { label: 'A', series: `${tagId(name, tag.name)}.A`, now: numberOf(tag.a) },
          { label: 'B', series: `${tagId(name, tag.name)}.B`, now: numberOf(tag.b) },
        ]}
      />
    </>
  )
}

const isNumber = (text: string): boolean => text !== '' && Number.isFinite(Number(text))

const numberOf = (text: string): number | undefined => (isNumber(text) ? Number(text) : undefined)

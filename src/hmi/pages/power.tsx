// The UPS units: what each has left against what the pairs need of it, and how that went over time.

import type { UpsView } from '../../core/view.ts'
import { upsId } from '../../serve/opcua/node-names.ts'
import { plant } from '../live/live.ts'
import { Trend } from '../parts/trend.tsx'
import { hrefOf } from '../route.ts'
import { texts } from '../texts.ts'
import { durationText } from '../time-text.ts'

export function PowerPage() {
  const all = plant.value?.ups ?? []
  return (
    <>
      <h1>{texts.pages.power}</h1>
      {all.length === 0 && <p>{texts.power.none}</p>}
      {all.map((ups) => (
        <Ups key={ups.name} ups={ups} />
      ))}
      <p class="muted">{texts.power.selfTest}</p>
    </>
  )
}

function Ups({ ups }: { ups: UpsView }) {
  const { name, verdict, sentence, chargePct, runtimeS, loadPct, ageMs, feeds, neededS } = ups
  const isShort = runtimeS !== undefined && neededS > 0 && runtimeS < neededS
  return (
    <section class="panel ups" aria-labelledby={`ups ${name}`}>
      <h2 id={`ups ${name}`}>
        <a href={hrefOf('power', name)}>{name}</a>
      </h2>
      <p class={verdict === 'on mains' ? 'sentence' : 'sentence deviation'}>{sentence}</p>
      <dl class="facts">
        <Fact name={texts.power.source} value={verdict} />
        <Fact name={texts.power.load} value={percent(loadPct)} />
        <Fact name={texts.power.charge} value={percent(chargePct)} />
        <Fact
          name={texts.power.runtime}
          value={runtimeS === undefined ? undefined : durationText(runtimeS * 1_000)}
          isDeviation={isShort}
        />
        <Fact name={texts.power.needed} value={durationText(neededS * 1_000)} />
        <Fact
          name={texts.power.margin}
          value={marginText(runtimeS, neededS)}
          isDeviation={isShort}
        />
        <Fact
          name={texts.power.age}
          value={ageMs === undefined ? undefined : durationText(ageMs)}
        />
        <div>
          <dt>{texts.power.feeds}</dt>
          <dd>
            {feeds.map((device) => (
              <a key={device} href={hrefOf('pairs', device.replace(/\.[AB]$/, ''))}>
                {device}
              </a>
            ))}
          </dd>
        </div>
      </dl>
      <div class="trends">
        <Trend
          title={texts.power.runtimeTrend(name)}
          units="min"
          lines={[
            {
              label: texts.power.runtime,
              series: `${upsId(name)}.RuntimeS`,
              scale: 1 / 60,
              now: runtimeS,
            },
          ]}
          mark={{ label: texts.power.needed, value: neededS / 60 }}
        />
        <Trend
          title={texts.power.chargeTrend(name)}
          units="%"
          lines={[
            { label: texts.power.charge, series: `${upsId(name)}.ChargePct`, now: chargePct },
            { label: texts.power.load, series: `${upsId(name)}.LoadPct`, now: loadPct },
          ]}
        />
      </div>
    </section>
  )
}

function Fact({
  name,
  value,
  isDeviation = false,
}: {
  name: string
  value: string | undefined
  isDeviation?: boolean
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={isDeviation ? 'figures deviation' : 'figures'}>
        {value ?? <span class="bad">? {texts.quality.unknown}</span>}
      </dd>
    </div>
  )
}

const percent = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : `${Math.round(value)} %`

/** How many full switchovers' worth of time is left beyond what is needed. */
function marginText(runtimeS: number | undefined, neededS: number): string | undefined {
  if (runtimeS === undefined) return undefined
  const leftS = runtimeS - neededS
  return leftS < 0 ? texts.power.short(durationText(-leftS * 1_000)) : durationText(leftS * 1_000)
}

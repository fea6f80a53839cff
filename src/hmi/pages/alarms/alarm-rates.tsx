// How many alarms there were, against what a person can follow: one line on every tab, and the whole of it on a tab of its own.

import type { AlarmRatesView, PeriodRates } from '../../../core/alarms/shown.ts'
import { nowWallMs, plant } from '../../live/live.ts'
import { Scroll } from '../../parts/scroll.tsx'
import { texts } from '../../texts.ts'
import { dateTimeText, durationText } from '../../time-text.ts'

export function LoadLine() {
  const { value } = plant
  if (value === undefined) return null
  const { last10Min, lastHour, floodPer10Min } = value.alarmRates
  const words = texts.alarms.rates
  const waiting = value.alarms.filter(({ state }) => state === 'unacknowledged')
  const oldestWallMs = Math.min(...waiting.map(({ raisedWallMs }) => raisedWallMs))
  return (
    <p class="strip">
      <span>
        {words.last10Min}: <b class="figures">{last10Min}</b>{' '}
        <span class="muted">({words.target})</span>
      </span>
      <span>
        {words.lastHour}: <b class="figures">{lastHour}</b>
      </span>
      {waiting.length > 0 && (
        <span>
          {words.oldest}: <b class="figures">{durationText(nowWallMs.value - oldestWallMs)}</b>
        </span>
      )}
      {value.supervisor.alarmLoad.flood && <b class="p2-text">{words.flood(floodPer10Min)}</b>}
    </p>
  )
}

export function AlarmRates() {
  const rates = plant.value?.alarmRates
  if (rates === undefined) return null
  const words = texts.alarms.rates
  return (
    <section aria-label={words.label}>
      <Periods rates={rates} />
      <p class="muted">{words.since(dateTimeText(rates.sinceWallMs))}</p>
      <div class="rate-columns">
        <Top title={words.topDay} period={rates.lastDay} />
        <Top title={words.topWeek} period={rates.lastWeek} />
        <Names title={words.chattering} names={rates.chattering} />
        <Names
          title={words.stale}
          names={rates.stale.map(({ id, raisedWallMs }) => `${id}, ${dateTimeText(raisedWallMs)}`)}
        />
      </div>
    </section>
  )
}

function Periods({ rates }: { rates: AlarmRatesView }) {
  const words = texts.alarms.rates
  const periods: readonly (readonly [string, PeriodRates])[] = [
    [words.day, rates.lastDay],
    [words.week, rates.lastWeek],
  ]
  const heads = [words.raised, words.perHour, words.peakHour, words.peak10Min, words.share]
  return (
    <Scroll label={words.caption}>
      <table>
        <caption>{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.period}</th>
            {heads.map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {periods.map(([name, { raised, perHour, peakHour, peak10Min, perPriority }]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{raised}</td>
              <td class="number">{perHour.toFixed(1)}</td>
              <td class="number">{peakHour}</td>
              <td class="number">{peak10Min}</td>
              <td class="number">
                {sharesText([perPriority[1], perPriority[2], perPriority[3] + perPriority[4]])}
              </td>
            </tr>
          ))}
          <tr class="muted">
            <th scope="row">{words.aim}</th>
            <td colSpan={4} />
            <td class="number">{sharesText([5, 15, 80])}</td>
          </tr>
        </tbody>
      </table>
    </Scroll>
  )
}

/** Parts of the whole in percent. */
function sharesText(counts: readonly number[]): string {
  const all = counts.reduce((sum, count) => sum + count, 0)
  if (all === 0) return '-'
  return `${counts.map((count) => Math.round((100 * count) / all)).join(' / ')} %`
}

function Top({ title, period: { top } }: { title: string; period: PeriodRates }) {
  const words = texts.alarms.rates
  if (top.length === 0) return <Names title={title} names={[]} />
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{words.alarm}</th>
          <th scope="col" class="number">
            {words.times}
          </th>
        </tr>
      </thead>
      <tbody>
        {top.map(({ id, raised }) => (
          <tr key={id}>
            <th scope="row">{id}</th>
            <td class="number">{raised}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  return (
    <div>
      <h2>{title}</h2>
      {names.length === 0 ? (
        <p class="muted">{texts.alarms.rates.none}</p>
      ) : (
        <ul>
          {names.map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

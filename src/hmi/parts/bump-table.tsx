// What a switchover did to the process, as far as reads can tell: how long nobody was in control, and what each tag did.

import type { BumpReport, TagBump } from '../../core/bump/bump-view.ts'
import { gapText } from '../../core/bump/report-text.ts'
import { texts } from '../texts.ts'
import { durationText } from '../time-text.ts'
import { Scroll } from './scroll.tsx'

export function BumpTable({ report }: { report: BumpReport }) {
  const words = texts.switchover.result
  const { state, text, gap, tags } = report
  return (
    <section>
      <h3>{words.bump}</h3>
      <p>{state === 'interrupted' ? text : gapText(gap)}</p>
      {state === 'measuring' && <p class="muted">{words.measuring}</p>}
      {tags.length > 0 && (
        <Scroll label={words.bump}>
          <table>
            <caption class="off-screen">{words.bump}</caption>
            <thead>
              <tr>
                <th scope="col">{words.tag}</th>
                {[words.step, words.excursion, words.outside, words.settled].map((word) => (
                  <th key={word} scope="col" class="number">
                    {word}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {tags.map((tag) => (
                <TagRow key={tag.name} tag={tag} isMeasuring={state === 'measuring'} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  )
}

function TagRow({ tag, isMeasuring }: { tag: TagBump; isMeasuring: boolean }) {
  const words = texts.switchover.result
  const { name, units, step, excursion, outsideMs, settledMs } = tag
  const amount = (value: number | undefined) => (value === undefined ? '-' : `${value} ${units}`)
  const unsettled = isMeasuring ? words.stillMeasured : words.notSettled
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="number">{amount(step)}</td>
      <td class="number">{amount(excursion)}</td>
      <td class="number">{outsideMs === 0 ? words.never : durationText(outsideMs)}</td>
      <td class="number">{settledText(settledMs, unsettled)}</td>
    </tr>
  )
}

/** 0: it was never outside, so there was nothing to settle. */
const settledText = (settledMs: number | undefined, unsettled: string): string =>
  settledMs === undefined ? unsettled : settledMs === 0 ? '-' : durationText(settledMs)

// Tags of a pair as a table: what A and B say, what is allowed between them, and the verdict with its reason.

import type { TagView } from '../../core/view.ts'
import { texts } from '../texts.ts'
import { durationText } from '../time-text.ts'
import { Scroll } from './scroll.tsx'
import { Value } from './value.tsx'

export function TagTable({ tags, title }: { tags: readonly TagView[]; title: string }) {
  const words = texts.pair.differences
  return (
    <Scroll label={title}>
      <table class="tags">
        <caption class="off-screen">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.tag}</th>
            <th scope="col" class="number">
              A
            </th>
            <th scope="col" class="number">
              B
            </th>
            <th scope="col" class="number">
              {words.allowed}
            </th>
            <th scope="col">{words.verdict}</th>
            <th scope="col" class="number">
              {words.since}
            </th>
            <th scope="col">{words.class}</th>
            <th scope="col">{words.evidence}</th>
          </tr>
        </thead>
        <tbody>
          {tags.map((tag) => (
            <TagRow key={tag.name} tag={tag} />
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function TagRow({ tag }: { tag: TagView }) {
  const { name, a, b, units, tolerance, verdict, sinceMs, critical, evidence } = tag
  const words = texts.pair.differences
  const isGood = verdict === 'in sync' || verdict === 'not compared'
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class="number">
        <TagValue value={a} units={units} />
      </td>
      <td class="number">
        <TagValue value={b} units={units} />
      </td>
      <td class="number">{tolerance === 0 ? words.equal : `±${tolerance} ${units}`}</td>
      <td>
        <span class={isGood ? '' : 'deviation'}>{verdict}</span>
        {critical && <b> {words.critical}</b>}
      </td>
      <td class="number">{sinceMs === undefined ? '-' : durationText(sinceMs)}</td>
      <td class="muted">{tag.class}</td>
      <td class="muted">{evidence}</td>
    </tr>
  )
}

/** The service writes a value that is not known, or no longer fresh, as a question mark. */
export const TagValue = ({ value, units }: { value: string; units: string }) => (
  <Value text={value === '?' ? undefined : `${value} ${units}`.trimEnd()} />
)

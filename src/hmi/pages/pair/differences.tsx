// The tags of a pair, only those that differ or have no verdict unless somebody wants all: both values, what is allowed, since when,
// and why.

import { useState } from 'preact/hooks'
import type { TagView } from '../../../core/view.ts'
import { TagTable } from '../../parts/tag-table.tsx'
import { texts } from '../../texts.ts'

export function Differences({ tags }: { tags: readonly TagView[] }) {
  const [isAll, setAll] = useState(false)
  const words = texts.pair.differences
  const apart = tags.filter(isApart)
  const shown = isAll ? tags : apart
  return (
    <section class="panel">
      <div class="strip">
        <h2>{words.title(apart.length, tags.length)}</h2>
        <label class="choice">
          <input
            type="checkbox"
            checked={isAll}
            onChange={({ currentTarget }) => setAll(currentTarget.checked)}
          />
          {words.all}
        </label>
      </div>
      {shown.length === 0 ? <p>{words.none}</p> : <TagTable tags={shown} title={words.tag} />}
    </section>
  )
}

const isApart = ({ verdict }: TagView): boolean =>
  verdict !== 'in sync' && verdict !== 'not compared'

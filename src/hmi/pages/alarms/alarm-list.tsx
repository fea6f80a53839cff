// The table of alarms: one row selected, arrow keys to move, and an order that is held while a person is in it.

import type { Signal } from '@preact/signals'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { AlarmView } from '../../../core/alarms/shown.ts'
import { useKeys } from '../../keys.ts'
import { useHold } from '../../parts/hold.ts'
import { go } from '../../route.ts'
import { texts } from '../../texts.ts'
import { AckPage } from './ack-page.tsx'
import { alarmGroups, countNew, inPlace, rowsOf, type ShownGroup } from './alarm-groups.ts'
import { AlarmRows } from './alarm-row.tsx'

type AlarmListProps = {
  caption: string
  empty: string
  /** When it changes the list is made anew, held or not. */
  stamp: string
  listed: readonly AlarmView[]
  /** All alarms: a listed one may have gone elsewhere. */
  every: readonly AlarmView[]
  selected: Signal<AlarmView | undefined>
}

export function AlarmList({ caption, empty, stamp, listed, every, selected }: AlarmListProps) {
  const { isHeld, watch } = useHold()
  const { groups, news, release } = useHeldGroups(listed, every, isHeld, stamp)
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set())
  const table = useRef<HTMLTableElement>(null)
  const rows = rowsOf(groups, unfolded)
  const at = rows.findIndex(({ id }) => id === selected.value?.id)
  const fold = (id: string, open: boolean) =>
    setUnfolded(new Set([...unfolded].filter((one) => one !== id).concat(open ? [id] : [])))
  // Selecting the first alarm opens the detail below: the row must not be behind it.
  useEffect(() => {
    if (at >= 0) rowElement(table.current, selected.value?.id)?.scrollIntoView({ block: 'nearest' })
  }, [selected.value?.id])
  const moveTo = (index: number) => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))]
    if (row === undefined) return
    selected.value = row
    rowElement(table.current, row.id)?.focus()
  }
  useKeys([{ key: 'ArrowDown', text: texts.alarms.select, act: () => moveTo(Math.max(at, 0)) }])
  const press = (event: KeyboardEvent) => {
    const row = rows[at]
    if (!(event.target instanceof HTMLTableRowElement) || row === undefined) return
    const act = keyActs(event.key, {
      ...{ to: moveTo, at, last: rows.length - 1 },
      open: () => row.pair !== undefined && go('pairs', row.pair),
      fold: (open) => fold(row.id, open),
    })
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  return (
    <div class="alarm-list" {...watch}>
      <div class="list-bar">
        <AckPage rows={rows} table={table} />
        {news > 0 && (
          <button type="button" class="strong" onClick={release}>
            {texts.alarms.newer(news)}
          </button>
        )}
        {isHeld && groups.length > 0 && <span class="muted">{texts.alarms.held}</span>}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: one row of it is selected and has the focus */}
      <table ref={table} role="grid" onKeyDown={press}>
        <caption class="off-screen">{caption}</caption>
        <Head />
        <tbody>
          <AlarmRows
            groups={groups}
            unfolded={unfolded}
            selected={selected}
            entry={rows[Math.max(at, 0)]?.id}
            onFold={fold}
          />
        </tbody>
      </table>
      {groups.length === 0 && <p class="muted">{empty}</p>}
    </div>
  )
}

function Head() {
  return (
    <thead>
      <tr>
        {Object.entries(texts.alarms.columns).map(([name, text]) => (
          <th key={name} scope="col" class={name}>
            {name === 'mark' ? <span class="off-screen">{text}</span> : text}
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** While it is held: the places of before with the states of now, and how many alarms have no place yet. */
function useHeldGroups(
  listed: readonly AlarmView[],
  every: readonly AlarmView[],
  isHeld: boolean,
  stamp: string,
) {
  const kept = useRef<{ groups: readonly ShownGroup[]; stamp: string } | undefined>(undefined)
  const [, draw] = useState(0)
  // An empty list has nothing that could move away.
  if (!isHeld || kept.current?.stamp !== stamp || kept.current.groups.length === 0)
    kept.current = { groups: alarmGroups(listed), stamp }
  else kept.current = { groups: inPlace(kept.current.groups, every), stamp }
  const { groups } = kept.current
  const release = () => {
    kept.current = undefined
    draw((count) => count + 1)
  }
  return { groups, news: countNew(groups, listed), release }
}

type Moves = {
  to: (index: number) => void
  at: number
  last: number
  open: () => void
  fold: (open: boolean) => void
}

function keyActs(key: string, { to, at, last, open, fold }: Moves): (() => void) | undefined {
  switch (key) {
    case 'ArrowDown':
      return () => to(at + 1)
    case 'ArrowUp':
      return () => to(at - 1)
    case 'Home':
      return () => to(0)
    case 'End':
      return () => to(last)
    case 'ArrowRight':
      return () => fold(true)
    case 'ArrowLeft':
      return () => fold(false)
    case 'Enter':
      return open
    default:
      return undefined
  }
}

/** The row of an alarm; the ids carry dots and spaces, so they are compared and not selected by. */
const rowElement = (
  table: HTMLTableElement | null,
  id: string | undefined,
): HTMLElement | undefined => [...(table?.rows ?? [])].find(({ dataset }) => dataset.alarm === id)

// What a list of records is narrowed to: pair, kind, person, text and time.

import { useRef, useState } from 'preact/hooks'
import type { JournalRecord, RecordKind } from '../../core/cycle.ts'
import { useKeys } from '../keys.ts'
import { plant } from '../live/live.ts'
import { texts } from '../texts.ts'
import type { Search } from './journal-reader.ts'

export type RecordWishes = {
  readonly pair: string
  readonly kind: string
  readonly person: string
  readonly text: string
  /** Local times as the browser's field gives them, `2026-11-23T14:02`. */
  readonly from: string
  readonly to: string
}
const noWishes: RecordWishes = { pair: '', kind: '', person: '', text: '', from: '', to: '' }

/** The wishes, and how to change them. */
export function useRecordWishes() {
  const [wishes, setWishes] = useState(noWishes)
  const isAny = Object.values(wishes).some((value) => value !== '')
  return { wishes, setWishes, isAny, clear: () => setWishes(noWishes) }
}
type Wishing = ReturnType<typeof useRecordWishes>

/** The search that the wishes mean. `only`: a kind that the page is about. */
export function searchOf(wishes: RecordWishes, only?: RecordKind): Search {
  const { pair, person, text, from, to } = wishes
  const kind = only ?? wishes.kind
  const words = text.toLowerCase()
  return {
    ...(pair !== '' && only === undefined && { pair }),
    ...(from !== '' && { fromWallMs: new Date(from).getTime() }),
    // To the end of the minute that was typed.
    ...(to !== '' && { toWallMs: new Date(to).getTime() + 59_999 }),
    fits: (record) =>
      (kind === '' || record.kind === kind) &&
      (pair === '' || pairOf(record) === pair) &&
      (person === '' || record.actor.toLowerCase().includes(person.toLowerCase())) &&
      (words === '' || wordsOf(record).includes(words)),
  }
}

/** The pair of a record. What persons did about an alarm names it by the alarm's id alone. */
function pairOf({ pair, data }: JournalRecord): string | undefined {
  if (pair !== undefined || typeof data.id !== 'string') return pair
  return data.id.split(/[ .:]/)[0]
}

const wordsOf = ({ text, data }: JournalRecord): string =>
  `${text}\n${JSON.stringify(data)}`.toLowerCase()

type RecordFilterProps = { wishing: Wishing; kinds?: readonly string[] }

export function RecordFilter({ wishing, kinds }: RecordFilterProps) {
  const { wishes, setWishes, isAny, clear } = wishing
  const field = useRef<HTMLInputElement>(null)
  const words = texts.journal.filter
  useKeys([{ key: '/', text: texts.alarms.filter.focus, act: () => field.current?.focus() }])
  const take = (name: keyof RecordWishes) => (event: Event) => {
    const { value } = event.currentTarget as HTMLInputElement | HTMLSelectElement
    setWishes({ ...wishes, [name]: value })
  }
  const select = (name: 'pair' | 'kind', usual: string, values: readonly string[]) => (
    <label>
      {words[name]}
      <select value={wishes[name]} onChange={take(name)}>
        <option value="">{usual}</option>
        {values.map((value) => (
          <option key={value}>{value}</option>
        ))}
      </select>
    </label>
  )
  const pairs = (plant.value?.pairs ?? []).map(({ name }) => name)
  return (
    <search class="filter no-print" aria-label={words.label}>
      {select('pair', words.allPairs, pairs)}
      {kinds !== undefined && select('kind', words.allKinds, kinds)}
      <label>
        {words.person}
        <input value={wishes.person} onInput={take('person')} autocomplete="off" />
      </label>
      <label>
        {words.text} <kbd>/</kbd>
        <input ref={field} type="search" value={wishes.text} onInput={take('text')} />
      </label>
      <label>
        {words.from}
        <input type="datetime-local" value={wishes.from} onChange={take('from')} />
      </label>
      <label>
        {words.to}
        <input type="datetime-local" value={wishes.to} onChange={take('to')} />
      </label>
      {isAny && (
        <button type="button" onClick={clear}>
          {texts.alarms.filter.clear}
        </button>
      )}
    </search>
  )
}

/** The wishes in words, for paper. */
export const wishesText = (wishes: RecordWishes): string =>
  Object.entries(wishes)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${texts.journal.filter[name as keyof RecordWishes]}: ${value}`)
    .join(', ')

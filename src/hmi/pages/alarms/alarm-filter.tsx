// What the list of alarms is narrowed to: pair, priority, text. It stays as it is when the kind of alarms is changed.

import { computed, signal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { AlarmView } from '../../../core/alarms/shown.ts'
import { useKeys } from '../../keys.ts'
import { plant } from '../../live/live.ts'
import { marks } from '../../palette.ts'
import { texts } from '../../texts.ts'

const pair = signal('')
const priority = signal('')
const text = signal('')

/** Changes with every change of the filter. */
export const filterStamp = computed(() => [pair.value, priority.value, text.value].join('\n'))
export const isFiltered = computed(() => filterStamp.value.trim() !== '')

/** Whether an alarm passes the filter. */
export function passes(alarm: AlarmView): boolean {
  if (pair.value !== '' && alarm.pair !== pair.value) return false
  if (priority.value !== '' && alarm.priority !== Number(priority.value)) return false
  return text.value === '' || wordsOf(alarm).includes(text.value.toLowerCase())
}

export function FilterBar() {
  const field = useRef<HTMLInputElement>(null)
  const words = texts.alarms.filter
  useKeys([{ key: '/', text: words.focus, act: () => field.current?.focus() }])
  const clear = () => {
    for (const one of [pair, priority, text]) one.value = ''
  }
  return (
    <search class="filter" aria-label={words.label}>
      <Choice
        label={words.pair}
        chosen={pair}
        usual={words.allPairs}
        choices={(plant.value?.pairs ?? []).map(({ name }) => [name, name])}
      />
      <Choice
        label={words.priority}
        chosen={priority}
        usual={words.allPriorities}
        choices={Object.entries(marks).map(([digit, { word }]) => [digit, `${digit} ${word}`])}
      />
      <label>
        {words.text} <kbd>/</kbd>
        <input
          ref={field}
          type="search"
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value
          }}
        />
      </label>
      {isFiltered.value && (
        <button type="button" onClick={clear}>
          {words.clear}
        </button>
      )}
    </search>
  )
}

type ChoiceProps = {
  label: string
  chosen: typeof pair
  usual: string
  choices: readonly (readonly [value: string, text: string])[]
}

function Choice({ label, chosen, usual, choices }: ChoiceProps) {
  return (
    <label>
      {label}
      <select
        value={chosen.value}
        onChange={({ currentTarget }) => {
          chosen.value = currentTarget.value
        }}
      >
        <option value="">{usual}</option>
        {choices.map(([value, shown]) => (
          <option key={value} value={value}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  )
}

const wordsOf = ({ id, source, condition, consequence, action }: AlarmView): string =>
  [id, source, condition, consequence, action].join('\n').toLowerCase()

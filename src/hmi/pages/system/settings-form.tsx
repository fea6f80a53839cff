// How this browser shows and sounds. Nothing of it reaches the service.

import type { Signal } from '@preact/signals'
import { play, startHorn } from '../../horn.ts'
import { flashing, horn, letterKeys, theme } from '../../settings.ts'
import { texts } from '../../texts.ts'

export function Settings() {
  const words = texts.system.settings
  const test = (sound: 'urgent' | 'normal') => () => {
    startHorn()
    play(sound)
  }
  return (
    <section>
      <h2>{words.title}</h2>
      <p class="muted">{words.means}</p>
      <Choice label={words.theme} setting={theme} on="night" off="day" />
      <Choice label={words.flashing} setting={flashing} on="on" off="off" />
      <Choice label={words.letters} setting={letterKeys} on="on" off="off" />
      <Choice label={words.horn} setting={horn} on="on" off="off" />
      <p class="buttons">
        <button type="button" onClick={test('urgent')}>
          {words.testUrgent}
        </button>
        <button type="button" onClick={test('normal')}>
          {words.testNormal}
        </button>
      </p>
      <p class="muted">{words.hornMeans}</p>
    </section>
  )
}

type ChoiceProps<T extends string> = { label: string; setting: Signal<T>; on: T; off: T }

function Choice<T extends string>({ label, setting, on, off }: ChoiceProps<T>) {
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={setting.value === on}
        onChange={({ currentTarget }) => {
          setting.value = currentTarget.checked ? on : off
        }}
      />{' '}
      {label}
    </label>
  )
}

// What a person chose for this browser: theme, flashing, single-letter keys, horn. Kept here and nowhere else; nothing about the plant.

import { effect, type Signal, signal } from '@preact/signals'
import type { Theme } from './palette.ts'

export const theme = kept<Theme>('theme', 'day', ['day', 'night'])
export const flashing = kept<'on' | 'off'>('flashing', 'on', ['on', 'off'])
export const letterKeys = kept<'on' | 'off'>('letter keys', 'on', ['on', 'off'])
export const horn = kept<'on' | 'off'>('horn', 'on', ['on', 'off'])

effect(() => {
  document.documentElement.dataset.theme = theme.value
  document.documentElement.dataset.flashing = flashing.value
})

function kept<T extends string>(name: string, usual: T, all: readonly T[]): Signal<T> {
  const key = `bumpless ${name}`
  const found = all.find((one) => one === stored(key))
  const setting = signal<T>(found ?? usual)
  effect(() => {
    const { value } = setting
    try {
      localStorage.setItem(key, value)
    } catch {
      // Private windows may refuse to keep anything; the choice then lasts as long as the page.
    }
  })
  return setting
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

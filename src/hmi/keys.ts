// The keys: one table of what is bound now. Pages and the frame bind theirs while they are shown; the help page lists them. No key
// starts a switchover, and letters can be switched off.

import { signal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { letterKeys } from './settings.ts'

export type Binding = {
  /** As `KeyboardEvent.key` names it: `F7`, `a`, `/`, `Escape`. */
  readonly key: string
  /** What it does, for the list of keys. */
  readonly text: string
  readonly act: () => void
}

/** Everything that is bound now, the newest last; the newest of a key counts. */
export const bindings = signal<readonly Binding[]>([])

/** Binds keys while a component is shown; what they do is always what the newest rendering said. */
export function useKeys(own: readonly Binding[]): void {
  const newest = useRef(own)
  newest.current = own
  // At once, not after the next painting: a quick second key must find its binding.
  useLayoutEffect(() => {
    const bound = own.map((binding, index) => ({
      ...binding,
      act: () => newest.current[index]?.act(),
    }))
    bindings.value = [...bindings.peek(), ...bound]
    return () => {
      bindings.value = bindings.peek().filter((binding) => !bound.includes(binding))
    }
  }, [own.map(({ key, text }) => key + text).join()])
}

/** Listens to the keyboard from now on. */
export function watchKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return
    // Over a question only the function keys count: Escape and letters are the question's own.
    if (document.querySelector('dialog[open]') !== null && !/^F\d/.test(event.key)) return
    const isLetter = event.key.length === 1
    if (isLetter && letterKeys.value === 'off') return
    if (!/^(F\d+|Escape)$/.test(event.key) && isTyping(event.target)) return
    const key = isLetter ? event.key.toLowerCase() : event.key
    const bound = bindings.value.findLast((binding) => binding.key === key)
    if (bound === undefined) return
    event.preventDefault()
    bound.act()
  })
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.matches('input:not([type=checkbox], [type=radio]), textarea, select')

// Keeps a list still while a person is in it with the pointer or the keyboard: nothing may move away under a finger.

import { useState } from 'preact/hooks'

export type Hold = {
  readonly isHeld: boolean
  /** For the element around the list. */
  readonly watch: {
    readonly onPointerEnter: () => void
    readonly onPointerLeave: () => void
    readonly onFocusIn: () => void
    readonly onFocusOut: (event: FocusEvent) => void
  }
}

export function useHold(): Hold {
  const [hasPointer, setPointer] = useState(false)
  const [hasFocus, setFocus] = useState(false)
  return {
    isHeld: hasPointer || hasFocus,
    watch: {
      onPointerEnter: () => setPointer(true),
      onPointerLeave: () => setPointer(false),
      onFocusIn: () => setFocus(true),
      onFocusOut: ({ currentTarget, relatedTarget }) => {
        const goesOn =
          relatedTarget instanceof Node && (currentTarget as Node).contains(relatedTarget)
        setFocus(goesOn)
      },
    },
  }
}

// Keeps a list still while a person is in it with the pointer or the keyboard: nothing may move away under a finger. A pointer that was
// left lying on the list, or a focus that nobody uses, holds it only for a while: a list that shows nothing new all night is worse.

import { useEffect, useRef, useState } from 'preact/hooks'

export type Hold = {
  readonly isHeld: boolean
  /** For the element around the list. */
  readonly watch: {
    readonly onPointerMove: () => void
    readonly onPointerDown: () => void
    readonly onPointerLeave: () => void
    readonly onKeyDown: () => void
    readonly onFocusIn: () => void
    readonly onFocusOut: (event: FocusEvent) => void
  }
}

const idleMs = 30_000

export function useHold(): Hold {
  const [isHeld, setHeld] = useState(false)
  const inside = useRef({ pointer: false, focus: false })
  const end = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const hold = (change: Partial<typeof inside.current>) => {
    inside.current = { ...inside.current, ...change }
    clearTimeout(end.current)
    const { pointer, focus } = inside.current
    setHeld(pointer || focus)
    if (pointer || focus) end.current = setTimeout(setHeld, idleMs, false)
  }
  useEffect(() => () => clearTimeout(end.current), [])
  return {
    isHeld,
    watch: {
      onPointerMove: () => hold({ pointer: true }),
      onPointerDown: () => hold({ pointer: true }),
      onPointerLeave: () => hold({ pointer: false }),
      onKeyDown: () => hold({}),
      onFocusIn: () => hold({ focus: true }),
      onFocusOut: ({ currentTarget, relatedTarget }) => {
        const goesOn =
          relatedTarget instanceof Node && (currentTarget as Node).contains(relatedTarget)
        hold({ focus: goesOn })
      },
    },
  }
}

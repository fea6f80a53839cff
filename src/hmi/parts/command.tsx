// A button that orders something. It says why it cannot be used: no live data, no right, locked, or what the page knows.

import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { Right } from '../../serve/rights.ts'
import type { Refusal, Result } from '../api.ts'
import { useKeys } from '../keys.ts'
import { isLive } from '../live/live.ts'
import { isLocked, rightRefusal } from '../session.ts'
import { texts } from '../texts.ts'

type CommandProps = {
  right: Right
  /** Gives the order; what it was refused with is shown beside the button. Without a result it only opens something. */
  onOrder: () => Promise<Result<unknown>> | undefined
  /** Why the page itself does not allow it now. */
  why?: string | undefined
  kind?: 'strong' | 'plain'
  label?: string
  /** A key that does the same while the button is shown. */
  shortcut?: { readonly key: string; readonly text: string }
  children: ComponentChildren
}

export function Command(props: CommandProps) {
  const { right, onOrder, why, kind = 'plain', label, shortcut, children } = props
  const [refusal, setRefusal] = useState<Refusal>()
  const [isWaiting, setWaiting] = useState(false)
  const [wasTried, setTried] = useState(false)
  const id = useId()
  const off = commandRefusal(right) ?? why
  const give = async () => {
    setTried(off !== undefined)
    if (off !== undefined || isWaiting) return
    setRefusal(undefined)
    const given = onOrder()
    if (given === undefined) return
    setWaiting(true)
    const result = await given
    setWaiting(false)
    if (!result.ok) setRefusal(result.refusal)
  }
  useKeys(shortcut === undefined ? [] : [{ ...shortcut, act: give }])
  const said = refusal?.text ?? off
  // Why it is off is said to everybody who tries; before that it would only be in the way.
  const isShown = refusal !== undefined || wasTried
  return (
    <span class="command">
      <button
        type="button"
        class={kind}
        aria-disabled={off !== undefined || isWaiting}
        aria-label={label}
        aria-describedby={said === undefined ? undefined : id}
        title={off}
        onClick={give}
      >
        {children}
        {shortcut !== undefined && <kbd>{shortcut.key.toUpperCase()}</kbd>}
      </button>
      {said !== undefined && (
        <span id={id} class={isShown ? 'refusal' : 'off-screen'} role="status">
          {said}
        </span>
      )}
    </span>
  )
}

/** Why nobody, or not this person, can order it from here now. */
export function commandRefusal(right: Right): string | undefined {
  if (!isLive.value) return texts.session.noLive
  return rightRefusal(right) ?? (isLocked.value ? texts.session.locked : undefined)
}

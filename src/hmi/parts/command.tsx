// A button that orders something. It says why it cannot be used: no live data, no right, locked, or what the page knows.

import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { Right } from '../../serve/rights.ts'
import type { Refusal, Result } from '../api.ts'
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
  children: ComponentChildren
}

export function Command({ right, onOrder, why, kind = 'plain', label, children }: CommandProps) {
  const [refusal, setRefusal] = useState<Refusal>()
  const [isWaiting, setWaiting] = useState(false)
  const id = useId()
  const off = commandRefusal(right) ?? why
  const give = async () => {
    if (off !== undefined || isWaiting) return
    setRefusal(undefined)
    const given = onOrder()
    if (given === undefined) return
    setWaiting(true)
    const result = await given
    setWaiting(false)
    if (!result.ok) setRefusal(result.refusal)
  }
  const said = refusal?.text ?? off
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
      </button>
      {said !== undefined && (
        <span id={id} class={refusal === undefined ? 'off-screen' : 'refusal'} role="status">
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

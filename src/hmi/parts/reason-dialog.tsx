// Asks before an order that leaves something standing: says what follows, wants a reason, and begins at the button that changes
// nothing.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Right } from '../../serve/rights.ts'
import type { Refusal, Result } from '../api.ts'
import { texts } from '../texts.ts'
import { commandRefusal } from './command.tsx'
import { Dialog } from './dialog.tsx'
import { Refused } from './refused.tsx'

type ReasonDialogProps = {
  title: string
  /** What happens when it is ordered. */
  follows: string
  right: Right
  onOrder: (reason: string) => Promise<Result<unknown>>
  onClose: () => void
  /** What else has to be chosen; `missing` says what has not been. */
  children?: ComponentChildren
  missing?: string | undefined
}

export function ReasonDialog(props: ReasonDialogProps) {
  const { title, follows, right, onOrder, onClose, children, missing } = props
  const [reason, setReason] = useState('')
  const [refusal, setRefusal] = useState<Refusal>()
  const [isWaiting, setWaiting] = useState(false)
  const { confirm } = texts.switchover
  const unsaid = reason.trim() === '' ? confirm.missing(confirm.missingReason) : undefined
  const off = commandRefusal(right) ?? missing ?? unsaid
  const submit = async (event: Event) => {
    event.preventDefault()
    if (off !== undefined || isWaiting) return
    setWaiting(true)
    const result = await onOrder(reason)
    setWaiting(false)
    if (result.ok) onClose()
    else setRefusal(result.refusal)
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{follows}</p>
        {children}
        <label>
          {texts.common.reason}
          <input
            type="text"
            autocomplete="off"
            maxLength={500}
            value={reason}
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
        </label>
        <Refused refusal={refusal} />
        <p class="muted" role="status">
          {off}
        </p>
        <p class="buttons">
          <button type="button" data-first onClick={onClose}>
            {texts.pair.commands.keep} <kbd>Esc</kbd>
          </button>
          <button type="submit" class="strong" aria-disabled={off !== undefined || isWaiting}>
            {title}
          </button>
        </p>
      </form>
    </Dialog>
  )
}

// A dialog that asks for what an order needs and gives the order. It stays open, with what was typed, until the order is accepted, and
// shows a refusal whole.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Right } from '../../serve/rights.ts'
import type { Refusal, Result } from '../api.ts'
import { texts } from '../texts.ts'
import { commandRefusal } from './command.tsx'
import { Dialog } from './dialog.tsx'
import { Refused } from './refused.tsx'

type OrderDialogProps = {
  title: string
  /** The verb on the button that gives the order. */
  verb: string
  right: Right
  onOrder: (form: FormData) => Promise<Result<unknown>>
  onClose: () => void
  /** What is still to be filled in. */
  missing?: string | undefined
  /** The words of the button that changes nothing, where the dialog begins at it. */
  keep?: string
  /** The fields; their names are those of the form. */
  children?: ComponentChildren
}

export function OrderDialog(props: OrderDialogProps) {
  const { title, verb, right, onOrder, onClose, missing, keep, children } = props
  const [refusal, setRefusal] = useState<Refusal>()
  const [isWaiting, setWaiting] = useState(false)
  const off = commandRefusal(right) ?? missing
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (off !== undefined || isWaiting) return
    setWaiting(true)
    const result = await onOrder(new FormData(event.currentTarget as HTMLFormElement))
    setWaiting(false)
    if (result.ok) onClose()
    else setRefusal(result.refusal)
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        {children}
        <Refused refusal={refusal} />
        <p class="muted" role="status">
          {off}
        </p>
        <p class="buttons">
          {keep !== undefined && (
            <button type="button" data-first onClick={onClose}>
              {keep} <kbd>Esc</kbd>
            </button>
          )}
          <button type="submit" class="strong" aria-disabled={off !== undefined || isWaiting}>
            {verb}
          </button>
          {keep === undefined && (
            <button type="button" onClick={onClose}>
              {texts.common.cancel}
            </button>
          )}
        </p>
      </form>
    </Dialog>
  )
}

/** The field for a reason or another line that nobody may leave empty. */
export function LineField({ name, label }: { name: string; label: string }) {
  return (
    <label>
      {label}
      <input name={name} required maxLength={500} autocomplete="off" />
    </label>
  )
}

// Asks before an order that leaves something standing: says what follows, wants a reason, and begins at the button that changes
// nothing.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Right } from '../../serve/rights.ts'
import type { Result } from '../api.ts'
import { texts } from '../texts.ts'
import { OrderDialog } from './order-dialog.tsx'

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
  const { confirm } = texts.switchover
  const unsaid = reason.trim() === '' ? confirm.missing(confirm.missingReason) : undefined
  return (
    <OrderDialog
      {...{ title, verb: title, right, onClose, keep: texts.pair.commands.keep }}
      missing={missing ?? unsaid}
      onOrder={() => onOrder(reason)}
    >
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
    </OrderDialog>
  )
}

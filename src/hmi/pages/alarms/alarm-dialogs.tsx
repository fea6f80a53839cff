// What a person says when something is ordered about an alarm: a comment, a reason, for how long.

import type { AlarmView } from '../../../core/alarms/shown.ts'
import type { Right } from '../../../serve/rights.ts'
import { order } from '../../api.ts'
import { LineField, OrderDialog } from '../../parts/order-dialog.tsx'
import { texts } from '../../texts.ts'

export type AlarmOrderKind = 'comment' | 'shelve' | 'unshelve' | 'retire' | 'restore'

type Asking = {
  readonly right: Right
  readonly path: string
  readonly body: (form: FormData) => object
}

const askings: Readonly<Record<AlarmOrderKind, Asking>> = {
  comment: {
    ...{ right: 'comment', path: 'comment' },
    body: (form) => ({ comment: lineOf(form, 'comment') }),
  },
  shelve: {
    ...{ right: 'shelve', path: 'shelve' },
    body: (form) => {
      const chosen = lineOf(form, 'minutes')
      const minutes = chosen === 'shift' ? chosen : Number(chosen)
      return { minutes, reason: lineOf(form, 'reason') }
    },
  },
  unshelve: {
    ...{ right: 'shelve', path: 'shelve' },
    body: (form) => ({ minutes: 0, reason: lineOf(form, 'reason') }),
  },
  retire: {
    ...{ right: 'alarm-out-of-service', path: 'out-of-service' },
    body: (form) => ({ on: true, reason: lineOf(form, 'reason') }),
  },
  restore: {
    ...{ right: 'alarm-out-of-service', path: 'out-of-service' },
    body: (form) => ({ on: false, reason: lineOf(form, 'reason') }),
  },
}

type AlarmDialogProps = { alarm: AlarmView; kind: AlarmOrderKind; onClose: () => void }

export function AlarmDialog({ alarm, kind, onClose }: AlarmDialogProps) {
  const { right, path, body } = askings[kind]
  const words = texts.alarms[kind]
  return (
    <OrderDialog
      title={words.title(`${alarm.source}: ${alarm.condition}`)}
      verb={words.verb}
      right={right}
      onOrder={(form) => order(`alarms/${encodeURIComponent(alarm.id)}/${path}`, body(form))}
      onClose={onClose}
    >
      {'means' in words && <p>{words.means}</p>}
      {kind === 'shelve' && <Times />}
      {kind === 'comment' ? (
        <LineField name="comment" label={texts.alarms.comment.field} />
      ) : (
        <LineField name="reason" label={texts.common.reason} />
      )}
    </OrderDialog>
  )
}

function Times() {
  const { choices, for: title } = texts.alarms.shelve
  return (
    <fieldset>
      <legend>{title}</legend>
      {Object.entries(choices).map(([value, text], index) => (
        <label key={value} class="choice">
          <input type="radio" name="minutes" value={value} required defaultChecked={index === 0} />{' '}
          {text}
        </label>
      ))}
    </fieldset>
  )
}

const lineOf = (form: FormData, name: string): string => String(form.get(name) ?? '').trim()

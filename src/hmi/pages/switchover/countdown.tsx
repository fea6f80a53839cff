// How long a proposal still waits, with the key that gives it more time, and a warning before it lapses. What lapses changes nothing.

import type { SwitchoverView } from '../../../core/view.ts'
import { order } from '../../api.ts'
import { Command } from '../../parts/command.tsx'
import { texts } from '../../texts.ts'
import { countdownText } from '../../time-text.ts'

const warnMs = 30_000

export function Countdown({ switchover }: { switchover: SwitchoverView }) {
  const { id, expiresInMs = 0, automaticInMs } = switchover
  const words = texts.switchover.confirm
  const extend = () => order(`switchovers/${encodeURIComponent(id)}/extend`)
  const isSoon = expiresInMs < warnMs
  return (
    <div class="countdown">
      <span>
        {words.expires}{' '}
        <b class={`figures${isSoon ? ' deviation' : ''}`}>{countdownText(expiresInMs)}</b>
      </span>
      <Command right="extend" onOrder={extend} shortcut={{ key: 'e', text: words.extend }}>
        {words.extend}
      </Command>
      {automaticInMs !== undefined && (
        <b class="deviation">{words.automatic(countdownText(automaticInMs))}</b>
      )}
      <span role="status">{isSoon ? words.soon : ''}</span>
    </div>
  )
}

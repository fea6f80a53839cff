// Abort, for as long as it is possible, and what to say when it no longer is.

import type { SwitchoverView } from '../../../core/view.ts'
import { order } from '../../api.ts'
import { Command } from '../../parts/command.tsx'
import { texts } from '../../texts.ts'

export function AbortCommand({ switchover: { id, canAbort } }: { switchover: SwitchoverView }) {
  const words = texts.switchover.progress
  return (
    <p class="buttons">
      <Command
        right="abort"
        why={canAbort ? undefined : words.tooLate}
        onOrder={() => order(`switchovers/${encodeURIComponent(id)}/abort`)}
      >
        {words.abort}
      </Command>
      <span class="muted">{canAbort ? words.canAbort : words.tooLate}</span>
    </p>
  )
}

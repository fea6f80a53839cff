// The supervisor itself: whether it keeps up, what it stands on, who is logged in, and how this browser is set.

import { plant } from '../../live/live.ts'
import { site } from '../../session.ts'
import { texts } from '../../texts.ts'
import { Health } from './health.tsx'
import { SessionTable } from './session-table.tsx'
import { Settings } from './settings-form.tsx'

export function SystemPage() {
  const words = texts.system
  return (
    <div class="system">
      <h1>{texts.pages.system}</h1>
      <p>{plant.value?.supervisor.sentence}</p>
      <Health />
      <SessionTable />
      <Settings />
      <section>
        <h2>{words.about}</h2>
        <p>
          {words.version} {site.value?.version}
        </p>
        <p class="muted">{words.not}</p>
      </section>
    </div>
  )
}

// The line at the top: site, time of the service, who works here, and whether what is shown is alive.

import { useState } from 'preact/hooks'
import { clockOffsetMs, link, nowWallMs, oldSinceWallMs, plant } from '../live/live.ts'
import { isLocked, logOut, session, site } from '../session.ts'
import { theme } from '../settings.ts'
import { texts } from '../texts.ts'
import { clockText, durationText, zoneText } from '../time-text.ts'
import { Help } from './help.tsx'
import { Unlock } from './unlock.tsx'

export function Header() {
  const [isHelp, setHelp] = useState(false)
  const [isUnlocking, setUnlocking] = useState(false)
  return (
    <header>
      <strong>{plant.value?.site ?? site.value?.site}</strong>
      {plant.value?.mode === 'observe' && <b class="observe">{texts.frame.observe}</b>}
      <span class="gap" />
      <Clock />
      <LinkMark />
      <Person />
      {isLocked.value && (
        <button type="button" onClick={() => setUnlocking(true)}>
          {texts.frame.locked}: {texts.frame.unlock}
        </button>
      )}
      <button type="button" onClick={() => (theme.value = theme.value === 'day' ? 'night' : 'day')}>
        {texts.frame.theme}: {texts.frame[theme.value]}
      </button>
      <button type="button" onClick={() => setHelp(true)}>
        {texts.frame.keys} ?
      </button>
      <button type="button" onClick={logOut}>
        {texts.frame.logOut}
      </button>
      <Help isOpen={isHelp} onOpen={() => setHelp(true)} onClose={() => setHelp(false)} />
      {isUnlocking && <Unlock onClose={() => setUnlocking(false)} />}
    </header>
  )
}

/** The service's time. A screen whose own clock is off says so: people compare it with other screens. */
function Clock() {
  const offMs = clockOffsetMs.value
  return (
    <span>
      <time class="figures">{clockText(nowWallMs.value)}</time> {zoneText(nowWallMs.value)}
      {Math.abs(offMs) > 2_000 && (
        <b class="deviation"> {texts.frame.clockOff(durationText(Math.abs(offMs)))}</b>
      )}
    </span>
  )
}

function LinkMark() {
  const { value } = link
  if (value === 'live') return <span class="link">{texts.frame.live}</span>
  if (value === 'starting') return <span class="link">{texts.frame.starting}</span>
  const since = clockText(oldSinceWallMs.value)
  return (
    <b class="link p1-text">
      {value === 'lost' ? texts.frame.noLive(since) : texts.frame.standing(since)}
    </b>
  )
}

function Person() {
  const { value } = session
  if (value === undefined) return null
  return (
    <span>
      {value.user} ({value.desk ? texts.frame.desk : value.role})
    </span>
  )
}

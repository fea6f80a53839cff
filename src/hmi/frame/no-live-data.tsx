// Tells without any doubt that what is shown is old: a hatched frame around everything and a line that says since when.

import { link, oldSinceWallMs } from '../live/live.ts'
import { texts } from '../texts.ts'
import { clockText } from '../time-text.ts'

export function NoLiveData() {
  const { value } = link
  if (value !== 'lost' && value !== 'standing') return null
  const since = clockText(oldSinceWallMs.value)
  return (
    <>
      <div class="no-live" role="alert">
        <b>{value === 'lost' ? texts.frame.noLive(since) : texts.frame.standing(since)}</b>{' '}
        {texts.frame.noLiveMeans}
      </div>
      <div class="no-live-frame" aria-hidden="true" />
    </>
  )
}

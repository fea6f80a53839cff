// The horn: two sounds, urgent and normal, repeated until somebody silences or acknowledges. Silence is not acknowledge, and a new alarm
// sounds again. A browser makes no sound before somebody has touched the page; then the banner says so. Never rely on this horn alone.

import { computed, signal } from '@preact/signals'
import type { AlarmView } from '../core/alarms/shown.ts'
import { horn } from './settings.ts'

export type HornState = 'quiet' | 'sounding' | 'silenced' | 'blocked' | 'muted'

const context = signal<AudioContext | undefined>(undefined)
const isRunning = signal(false)
const wanted = signal<{ readonly key: string; readonly urgent: boolean } | undefined>(undefined)
const silencedKey = signal('')

export const hornState = computed<HornState>(() => {
  if (horn.value === 'off') return 'muted'
  if (!isRunning.value) return 'blocked'
  if (wanted.value === undefined) return 'quiet'
  return silencedKey.value === wanted.value.key ? 'silenced' : 'sounding'
})

/** Sounds while one of these alarms is neither acknowledged nor silenced. Low ones make no sound. */
export function soundFor(asking: readonly AlarmView[]): void {
  const loud = asking.filter(({ state, priority }) => state === 'unacknowledged' && priority <= 3)
  if (loud.length === 0) {
    wanted.value = undefined
    return
  }
  const newest = loud.reduce((a, b) => (b.raisedWallMs > a.raisedWallMs ? b : a))
  const key = `${newest.id} ${newest.raisedWallMs}`
  const urgent = loud.some(({ priority }) => priority <= 2)
  if (wanted.peek()?.key !== key || wanted.peek()?.urgent !== urgent) wanted.value = { key, urgent }
}

export function silence(): void {
  silencedKey.value = wanted.peek()?.key ?? ''
}

/** Has to be called from a click or a key: browsers want that before they make a sound. */
export function startHorn(): void {
  const audio = context.peek() ?? new AudioContext()
  context.value = audio
  void audio.resume().then(() => {
    isRunning.value = audio.state === 'running'
  })
}

const repeatMs = 2_000
setInterval(() => {
  const audio = context.peek()
  if (hornState.peek() === 'sounding' && audio !== undefined)
    beep(audio, wanted.peek()?.urgent === true)
}, repeatMs)

for (const sign of ['pointerdown', 'keydown']) addEventListener(sign, startHorn, { once: true })
// A kiosk may be started so that sound is allowed at once.
startHorn()

/** Urgent: three short high tones. Normal: one longer low tone. */
function beep(audio: AudioContext, urgent: boolean): void {
  const tones = urgent ? [0, 0.25, 0.5] : [0]
  for (const after of tones) {
    const tone = audio.createOscillator()
    const level = audio.createGain()
    tone.frequency.value = urgent ? 950 : 480
    level.gain.value = 0.15
    tone.connect(level).connect(audio.destination)
    tone.start(audio.currentTime + after)
    tone.stop(audio.currentTime + after + (urgent ? 0.15 : 0.4))
  }
}

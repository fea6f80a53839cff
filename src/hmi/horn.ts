// The horn: two sounds, urgent and normal, repeated until somebody silences or acknowledges. Silence is not acknowledge, and a new alarm
// sounds again. A browser makes no sound before somebody has touched the page; then the banner says so. Never rely on this horn alone.

import { computed, effect, signal } from '@preact/signals'
import type { AlarmView } from '../core/alarms/shown.ts'
import { horn } from './settings.ts'

export type HornState = 'quiet' | 'sounding' | 'silenced' | 'blocked' | 'muted'
export type Sound = 'urgent' | 'normal'

type Loud = { readonly key: string; readonly sound: Sound }

const context = signal<AudioContext | undefined>(undefined)
const isRunning = signal(false)
/** Alarms that sound until they are silenced. */
const loud = signal<readonly Loud[]>([])
/** What was silenced; an alarm that is raised again has another key. */
const silenced = signal<readonly string[]>([])
const unsilenced = computed(() => loud.value.filter(({ key }) => !silenced.value.includes(key)))

export const hornState = computed<HornState>(() => {
  if (horn.value === 'off') return 'muted'
  if (!isRunning.value) return 'blocked'
  if (loud.value.length === 0) return 'quiet'
  return unsilenced.value.length === 0 ? 'silenced' : 'sounding'
})

/** Sounds while one of these alarms is neither acknowledged nor silenced, also when it has cleared. Low ones make no sound. */
export function soundFor(asking: readonly AlarmView[]): void {
  const now = asking
    .filter(({ state, priority }) => state !== 'acknowledged' && priority <= 3)
    .map(({ id, raisedWallMs, priority }): Loud => {
      return { key: `${id} ${raisedWallMs}`, sound: priority <= 2 ? 'urgent' : 'normal' }
    })
  const isSame = now.map(textOf).join('\n') === loud.peek().map(textOf).join('\n')
  if (!isSame) loud.value = now
}

const textOf = ({ key, sound }: Loud): string => `${sound} ${key}`

/** Silences what sounds now, in every tab of this browser. */
export function silence(): void {
  const keys = loud.peek().map(({ key }) => key)
  silenced.value = keys
  tabs.postMessage(keys)
}
const tabs = new BroadcastChannel('bumpless horn')
tabs.onmessage = ({ data }: MessageEvent<readonly string[]>) => {
  silenced.value = data
}

/** Has to be called from a click or a key: browsers want that before they make a sound. */
export function startHorn(): void {
  const audio = context.peek() ?? new AudioContext()
  const look = () => {
    isRunning.value = audio.state === 'running'
  }
  context.value = audio
  audio.onstatechange = look
  void audio.resume().then(look)
}

const repeatMs = 2_000
let repeat: ReturnType<typeof setInterval> | undefined
effect(() => {
  clearInterval(repeat)
  if (hornState.value !== 'sounding') return
  // A worse alarm that comes meanwhile is heard at once.
  const sound: Sound = unsilenced.value.some((one) => one.sound === 'urgent') ? 'urgent' : 'normal'
  play(sound)
  repeat = setInterval(play, repeatMs, sound)
})

for (const sign of ['pointerdown', 'keydown']) addEventListener(sign, startHorn, { once: true })
// A kiosk may be started so that sound is allowed at once.
startHorn()

/** Urgent: three short high tones. Normal: one longer low tone. */
export function play(sound: Sound): void {
  const audio = context.peek()
  if (audio === undefined) return
  const { starts, hertz, seconds } = sounds[sound]
  for (const after of starts) {
    const tone = audio.createOscillator()
    const level = audio.createGain()
    tone.frequency.value = hertz
    level.gain.value = 0.15
    tone.connect(level).connect(audio.destination)
    tone.start(audio.currentTime + after)
    tone.stop(audio.currentTime + after + seconds)
  }
}

const sounds = {
  urgent: { starts: [0, 0.25, 0.5], hertz: 950, seconds: 0.15 },
  normal: { starts: [0], hertz: 480, seconds: 0.4 },
} as const satisfies Readonly<Record<Sound, object>>

// How times and durations are written: always the same width, in the time zone of the control room's browser, 24 hours.

/** `14:02:11`. */
export const clockText = (wallMs: number): string =>
  new Date(wallMs).toLocaleTimeString('en-GB', { hour12: false })

/** `2026-11-23 14:02:11`. */
export function dateTimeText(wallMs: number): string {
  const at = new Date(wallMs)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clockText(wallMs)}`
}

/** `0.2 s`, `42 s`, `5 min 03 s`, `2 h 10 min`, `12 d 4 h`; negative counts as 0. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.floor(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** `01:34`: what is left of a countdown. */
export function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000))
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
}

/** `+01:00`: the browser's time zone. */
export function zoneText(wallMs: number): string {
  const minutes = -new Date(wallMs).getTimezoneOffset()
  const two = (value: number) => String(value).padStart(2, '0')
  const sign = minutes < 0 ? '-' : '+'
  return `UTC${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`
}

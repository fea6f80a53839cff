// When the running shift ends, by the site's own clock.

export type Shifts = {
  /** Minutes after midnight at which a shift begins. */
  readonly startsMin: readonly number[]
  /** Time zone of the site, as IANA names it. */
  readonly zone: string
}

const dayMin = 24 * 60

/** Wall time of the next change of shift, Unix ms; undefined where no shifts are configured. */
export function shiftEndMs({ startsMin, zone }: Shifts, wallMs: number): number | undefined {
  if (startsMin.length === 0) return undefined
  const now = minuteOfDay(wallMs, zone)
  const ahead = startsMin.map((start) => (start - now + dayMin) % dayMin || dayMin)
  const endMs = (Math.floor(wallMs / 60_000) + Math.min(...ahead)) * 60_000
  // A night in which the clocks are set leads an hour too far or not far enough.
  const wanted = (now + Math.min(...ahead)) % dayMin
  const off = (minuteOfDay(endMs, zone) - wanted + dayMin) % dayMin
  return endMs - (off > dayMin / 2 ? off - dayMin : off) * 60_000
}

function minuteOfDay(wallMs: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(wallMs)
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
  return value('hour') * 60 + value('minute')
}

// Maintenance windows: hours of the week on the clock of a time zone. What that clock shows at a given moment comes from the zone
// data of the program; a window lasts while the clock shows its hours, so an hour that the clock skips in spring is no part of
// it, and one that it shows twice in autumn is twice.

import { type MaintenanceWindow, type Weekday, weekdays } from './policy.ts'

/** The window that is open at `wallMs` (Unix ms); undefined: none is. */
export const openWindow = (
  windows: readonly MaintenanceWindow[],
  wallMs: number,
): MaintenanceWindow | undefined => windows.find((window) => isOpen(window, wallMs))

/** `sat 02:00-05:00 Europe/Oslo`. */
export const windowText = ({ days, fromMin, toMin, zone }: MaintenanceWindow): string =>
  `${days.join(', ')} ${timeText(fromMin)}-${timeText(toMin)} ${zone}`

function isOpen({ days, fromMin, toMin, zone }: MaintenanceWindow, wallMs: number): boolean {
  const { day, minute } = clockOf(zone, wallMs)
  if (fromMin < toMin) return days.includes(day) && minute >= fromMin && minute < toMin
  // Over midnight: the days are those on which it begins.
  if (minute >= fromMin) return days.includes(day)
  return minute < toMin && days.includes(dayBefore(day))
}

/** What the wall clock of the zone shows. */
function clockOf(zone: string, wallMs: number): { readonly day: Weekday; readonly minute: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(wallMs))
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? ''
  const name = part('weekday').toLowerCase()
  const day = weekdays.find((known) => known === name)
  if (day === undefined) throw new Error(`the zone ${zone} has no day "${name}"`)
  return { day, minute: Number(part('hour')) * 60 + Number(part('minute')) }
}

const dayBefore = (day: Weekday): Weekday => weekdays[(weekdays.indexOf(day) + 6) % 7] ?? day

const timeText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

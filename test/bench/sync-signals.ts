// Signals of a controller on its 10 ms scan, whole runs at once, and the faults that a standby may have. Fixed seeds give the same
// numbers on every machine.

export const scanMs = 10

export type Random = () => number

/** Mulberry32: small, good enough, and the same everywhere. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

export type Kind =
  | 'discrete'
  | 'setpoint'
  | 'analog'
  | 'analog-own-sensor'
  | 'integrator'
  | 'counter'
export const kinds: readonly Kind[] = [
  'discrete',
  'setpoint',
  'analog',
  'analog-own-sensor',
  'integrator',
  'counter',
]

/** Full range of an analog value in steps of its converter: offsets are shares of it. */
const span = 500

/** The primary's value in every scan of a run; one step is 1. */
export function signalOf(kind: Kind, scans: number, random: Random): Float64Array {
  switch (kind) {
    case 'discrete':
      return stepping(scans, random, 28, (value) => 1 - value)
    case 'setpoint':
      return stepping(scans, random, 50, () => Math.floor(random() * 1000))
    case 'analog':
    case 'analog-own-sensor':
      return wandering(scans, random)
    case 'integrator':
      return ramping(scans, random)
    case 'counter':
      return counting(scans, random)
  }
}

function stepping(
  scans: number,
  random: Random,
  meanHoldS: number,
  next: (value: number) => number,
): Float64Array {
  const out = new Float64Array(scans)
  let value = next(1)
  let left = 0
  for (let scan = 0; scan < scans; scan++) {
    if (left <= 0) {
      value = next(value)
      left = (1 - (meanHoldS - 1) * Math.log(1 - random())) * 100
    }
    out[scan] = value
    left -= 1
  }
  return out
}

/** A slow and a fast random motion, as a level with waves on it. */
function wandering(scans: number, random: Random): Float64Array {
  const out = new Float64Array(scans)
  let slow = 30 * normal(random)
  let fast = 0
  for (let scan = 0; scan < scans; scan++) {
    slow += (-slow * scanMs) / 60_000 + 30 * Math.sqrt((2 * scanMs) / 60_000) * normal(random)
    fast += (-fast * scanMs) / 2000 + 7 * Math.sqrt((2 * scanMs) / 2000) * normal(random)
    out[scan] = Math.round(span / 2 + slow + fast)
  }
  return out
}

function ramping(scans: number, random: Random): Float64Array {
  const out = new Float64Array(scans)
  let value = 10_000
  let perScan = 0
  for (let scan = 0; scan < scans; scan++) {
    if (scan % 6000 === 0) perScan = ((random() * 16 - 8) * scanMs) / 1000
    value += perScan
    out[scan] = Math.round(value)
  }
  return out
}

function counting(scans: number, random: Random): Float64Array {
  const out = new Float64Array(scans)
  let value = 65_000
  for (let scan = 0; scan < scans; scan++) {
    if (random() < 0.02) value = (value + 1) % 65_536
    out[scan] = value
  }
  return out
}

/** A sensor of its own: another noise and a constant difference. */
export function ownSensor(signal: Float64Array, random: Random): Float64Array {
  const bias = 4 * normal(random)
  let noise = 0
  return signal.map((value) => {
    noise += (-noise * scanMs) / 500 + 1.5 * Math.sqrt((2 * scanMs) / 500) * normal(random)
    return Math.round(value + bias + noise)
  })
}

/** What a fault makes of the standby's value: `scan` is the scan that it copies now, `since` the one in which the fault began. */
export type Fault = {
  readonly name: string
  value(signal: Float64Array, scan: number, since: number): number
}

const at = (signal: Float64Array, scan: number): number => signal[Math.max(0, scan)] ?? 0
const offset = (name: string, by: number): Fault => ({
  name,
  value: (signal, scan) => Math.round(at(signal, scan) + by),
})
const invert: Fault = { name: 'invert', value: (signal, scan) => 1 - at(signal, scan) }
const stuck: Fault = { name: 'stuck', value: (signal, _scan, since) => at(signal, since) }
const lag: Fault = { name: 'lag 3 s', value: (signal, scan) => at(signal, scan - 300) }
const skip: Fault = {
  name: 'skip',
  value: (signal, scan) => (at(signal, scan) + 5) % 65_536,
}
const big = offset('+2 %', 0.02 * span)

export const faultsOf: Readonly<Record<Kind, readonly Fault[]>> = {
  discrete: [invert, stuck, lag],
  setpoint: [offset('wrong', 7), lag],
  analog: [stuck, big, offset('+0.5 %', 0.005 * span)],
  'analog-own-sensor': [stuck, big],
  integrator: [stuck, big],
  counter: [stuck, skip],
}

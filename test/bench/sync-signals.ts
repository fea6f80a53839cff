// Signals of a controller on its 10 ms scan, whole runs at once, and the faults that a standby may have. Fixed seeds give the same
// numbers on every machine.

import type { Random } from '../chance.ts'

export const scanMs = 10

export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** As wide as `normal` and cheaper: what adds up over many scans becomes normal by itself. */
const kick = (random: Random): number => 2 * (random() + random() + random() - 1.5)

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

/** Analog inputs are filtered: between two of these instants a value goes straight. */
const inputMs = 50
const scansPerInput = inputMs / scanMs

/** `value` gives one input after the other; rounded to whole steps in each scan. */
function inputs(scans: number, value: () => number): Float64Array {
  const out = new Float64Array(scans)
  let before = value()
  for (let scan = 0; scan < scans; scan += scansPerInput) {
    const after = value()
    for (let part = 0; part < scansPerInput && scan + part < scans; part++) {
      out[scan + part] = Math.round(before + ((after - before) * part) / scansPerInput)
    }
    before = after
  }
  return out
}

/** Two oscillations that are pushed about by chance, a slow one and a fast one, and some noise of their source. */
function wandering(scans: number, random: Random): Float64Array {
  const slow = oscillation(30, 10 + 10 * random(), random)
  const fast = oscillation(8, 2 + 2 * random(), random)
  return inputs(scans, () => span / 2 + slow() + fast() + 0.6 * kick(random))
}

/** `swing` is the standard deviation in steps; the phase is forgotten within a few periods. */
function oscillation(swing: number, periodS: number, random: Random): () => number {
  const turn = (2 * Math.PI) / periodS
  const dt = inputMs / 1000
  const damping = 0.2
  const push = swing * turn * Math.sqrt(4 * damping * turn * dt)
  let at = swing * normal(random)
  let speed = swing * turn * normal(random)
  return () => {
    speed += (-turn * turn * at - 2 * damping * turn * speed) * dt + push * kick(random)
    at += speed * dt
    return at
  }
}

/** Up and down between turning points, 10 to 18 steps a second. */
function ramping(scans: number, random: Random): Float64Array {
  const out = new Float64Array(scans)
  const perScan = ((10 + 8 * random()) * scanMs) / 1000
  let value = 10_000
  let direction = 1
  let left = 0
  for (let scan = 0; scan < scans; scan++) {
    if (left <= 0) {
      direction = -direction
      left = 3000 + 6000 * random()
    }
    value += direction * perScan
    out[scan] = Math.round(value)
    left -= 1
  }
  return out
}

/** 6 to 24 counts a second. */
function counting(scans: number, random: Random): Float64Array {
  const out = new Float64Array(scans)
  const perScan = ((6 + 18 * random()) * scanMs) / 1000
  let value = 65_000
  for (let scan = 0; scan < scans; scan++) {
    value += perScan
    out[scan] = Math.floor(value) % 65_536
  }
  return out
}

/** A sensor of its own: another noise and a constant difference. */
export function ownSensor(signal: Float64Array, random: Random): Float64Array {
  const bias = 4 * normal(random)
  const keep = Math.exp(-inputMs / 500)
  const width = 1.5 * Math.sqrt(1 - keep * keep)
  let noise = 0
  const noises = inputs(signal.length, () => {
    noise = keep * noise + width * kick(random)
    return 8 * noise
  })
  return signal.map((value, scan) => Math.round(value + bias + (noises[scan] ?? 0) / 8))
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

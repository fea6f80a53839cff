// What can be broken at a UPS. Most of these are taken from what owners of real ones report: what
// the UPS shows and what it does are then two things, and `/state` tells the second.
import { choice, type FaultKind, flag, number, register } from './fault-kinds.ts'

const seconds = (initial: number) => number(initial, 0, 3600)
const runtime = number(0, 0, 65_534)

export const UPS_FAULTS = {
  on_battery: {
    on: 'ups',
    about: 'Mains fail. With `runtime` above 0 the battery has that many seconds left from now.',
    parameters: { runtime },
  },
  battery_low: { on: 'ups', about: 'The UPS reports its battery low.', parameters: {} },
  lies_online: {
    on: 'ups',
    about: 'Mains fail, and the UPS goes on showing what it showed before: on mains, charged.',
    parameters: {},
  },
  replace_battery: { on: 'ups', about: 'The UPS asks for a new battery.', parameters: {} },
  false_replace_battery: {
    on: 'ups',
    about: 'The UPS asks for a new battery for `s` seconds, without a reason.',
    parameters: { s: seconds(60) },
  },
  old_values: {
    on: 'ups',
    about:
      'The gateway has lost the UPS and goes on answering what it heard last. Its `heartbeat` goes on or stands; the `age` of the values counts, is unknown or stays zero.',
    parameters: {
      heartbeat: flag(false),
      age: choice('counts', { counts: 0, unknown: 1, zero: 2 }),
    },
  },
  zeros_for_undefined: {
    on: 'ups',
    about:
      'This UPS does not have the registers `from` to `to`, nor any above 10. A read that begins there is an exception; a read that reaches them from below gets zeros.',
    parameters: { from: register(8), to: register(10) },
  },
  comms_flap: {
    on: 'ups',
    about: 'The UPS answers for `answers_s` seconds and takes requests in silence for `silent_s`.',
    parameters: { answers_s: number(6, 0.05, 600), silent_s: number(6, 0.05, 600) },
  },
  state_flap: {
    on: 'ups',
    about: 'The UPS shows battery and mains in turns, each for `ms`; the truth stays as it is.',
    parameters: { ms: number(300, 10, 60_000) },
  },
  self_test: {
    on: 'ups',
    about: 'For `s` seconds the UPS tests itself: it shows battery and the test bit. Mains stay.',
    parameters: { s: seconds(8) },
  },
  calibration: {
    on: 'ups',
    about:
      'For `s` seconds the UPS drains its battery to measure it: it shows OFF for `off_s` seconds though its output is alive, then battery, and the calibration bit. Mains stay.',
    parameters: { s: seconds(60), off_s: seconds(3) },
  },
  dead_on_battery: {
    on: 'ups',
    about:
      'Mains fail as with on_battery, and `after_s` seconds later the UPS is silent for good. The load drops when the battery is empty.',
    parameters: { runtime, after_s: seconds(5) },
  },
  impossible_values: {
    on: 'ups',
    about: 'The registers `from` to `to` show `value`, whatever is true.',
    parameters: { value: register(65_535), from: number(1, 0, 10), to: number(5, 0, 10) },
  },
} as const satisfies Readonly<Record<string, FaultKind>>

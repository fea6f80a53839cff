// What a story may change of the plant before it begins: observe-only, a chattering tag, policies and limits of a pair, and the
// windows of the week.

import type { Pair, Plant, RegisterSignal } from '../../src/core/plant.ts'
import type { MaintenanceWindow, Weekday } from '../../src/core/policy/policy.ts'
import { makerPlant } from './maker-plant.ts'
import { withoutRates } from './story-bump.ts'

export function plantOf(
  words: readonly string[],
  before: (plant: Plant) => Plant,
): (plant: Plant) => Plant {
  const [what = ''] = words
  return (loaded) => {
    const plant = before(loaded)
    if (what === 'chatter') return withChatter(plant)
    if (what === 'no-rate') return withoutRates(plant)
    if (what === 'maker') return makerPlant(words.slice(1))
    if (what === 'small-shelf') return withSmallShelf(plant)
    if (what === 'policy') return withPolicy(plant, words.slice(1))
    if (what === 'window') return { ...plant, maintenanceWindows: [windowOf(words.slice(1))] }
    if (what !== 'observe') throw new Error(`unknown plant word "${what}"`)
    const devices = Object.fromEntries(
      Object.entries(plant.devices).map(([id, device]) => [id, { ...device, mayWrite: false }]),
    )
    return { ...plant, mode: 'observe', devices }
  }
}

/** The intake with one more tag: a bit of the heartbeat, which is another one in each poll. */
function withChatter(plant: Plant): Plant {
  const tag = {
    name: 'CHATTER',
    class: 'discrete' as const,
    tolerance: 0,
    units: '',
    critical: false,
  }
  const pairs = plant.pairs.map((pair) =>
    pair.name === 'intake' ? { ...pair, tags: [...pair.tags, tag] } : pair,
  )
  const devices = Object.entries(plant.devices).map(([id, device]) => {
    const paths = device.paths.map((path) =>
      path.protocol === 'modbus' && id.startsWith('intake.')
        ? { ...path, signals: [...path.signals, chatter] }
        : path,
    )
    return [id, { ...device, paths }]
  })
  return { ...plant, pairs, devices: Object.fromEntries(devices) }
}

const chatter: RegisterSignal = {
  key: 'tag:CHATTER',
  type: 'bit',
  scale: 1,
  offset: 0,
  unknownWhen: [],
  area: 'hr',
  address: 1017,
  wordOrder: 'big',
  byteOrder: 'big',
  bit: 2,
}

/** `policy filters failback=operator requalifyS=5`: keys of the policy or of the gates, of one pair. */
function withPolicy(plant: Plant, [name = '', ...settings]: readonly string[]): Plant {
  const values = Object.fromEntries(settings.map(settingOf))
  const change = (pair: Pair): Pair => ({
    ...pair,
    ...('peerInterlock' in values && { peerInterlock: values.peerInterlock === true }),
    gates: { ...pair.gates, ...only(values, pair.gates) },
    policy: { ...pair.policy, ...only(values, pair.policy) },
  })
  const pairs = plant.pairs.map((pair) => (pair.name === name ? change(pair) : pair))
  return { ...plant, pairs }
}

function settingOf(text: string): readonly [string, string | number | boolean] {
  const [key = '', value = ''] = text.split('=')
  if (value === 'true' || value === 'false') return [key, value === 'true']
  return [key, /^[\d.]+$/.test(value) ? Number(value) : value]
}

const only = (values: Readonly<Record<string, unknown>>, of: object): object =>
  Object.fromEntries(Object.entries(values).filter(([key]) => key in of))

/** `window sun,mon 09:10-09:20 Europe/Oslo`. */
function windowOf([days = '', times = '', zone = '']: readonly string[]): MaintenanceWindow {
  const [fromMin = 0, toMin = 0] = times.split('-').map((time) => {
    const [hours, minutes] = time.split(':')
    return Number(hours) * 60 + Number(minutes)
  })
  return { days: days.split(',') as Weekday[], fromMin, toMin, zone }
}

/** Two alarms a person, and shifts from 6, 14 and 22 o'clock in Oslo. */
const withSmallShelf = (plant: Plant): Plant => ({
  ...plant,
  alarms: {
    ...plant.alarms,
    shelvedPerPerson: 2,
    shifts: { startsMin: [360, 840, 1320], zone: 'Europe/Oslo' },
  },
})

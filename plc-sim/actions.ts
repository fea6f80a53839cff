// What a person at the plant can do without breaking anything: the key and the switch at a unit's
// panel, a restart, a setpoint; and the reset of the latches.

import { rearmBlock } from './command-block.ts'
import { BOOT_MS, type Controller, powerOff, type UnitName } from './controller.ts'
import { MODE } from './level-control.ts'
import { type Pair, primaryOf, takeOver } from './pair.ts'
import { RefusedRequest, recordIn, unknownWord } from './refusal.ts'
import { placeOf, type Site, UNIT_NAMES } from './site.ts'
import { resetTruth } from './truth.ts'

export const ACTIONS = {
  rearm: 'Turns the key: unlocks the unit and lets its next claim take any step of the epoch.',
  remote: 'Puts the LOCAL/REMOTE switch on REMOTE.',
  local: 'Puts the LOCAL/REMOTE switch on LOCAL.',
  reboot: 'Restarts the unit: outputs drop, connections are reset, it comes back as standby.',
  take_over: 'Makes the unit primary and its peer standby, at the panel.',
  reset_latches:
    'Forgets what was latched for the pair: both active, none active, steps, deviations.',
  set: 'Sets a tag of the primary: LEVEL.SP (0 to 100), MODE (1 to 3) or BATCH.STEP (0 to 65535).',
} as const

const SETTABLE = {
  'LEVEL.SP': { min: 0, max: 100, whole: false },
  MODE: { min: MODE.manual, max: MODE.cascade, whole: true },
  'BATCH.STEP': { min: 0, max: 65_535, whole: true },
} as const
type Settable = keyof typeof SETTABLE

/**
 * Carries out `{ target, action, tag?, value? }`. An action of a unit that names a pair goes to
 * both units, except `take_over`.
 * @throws RefusedRequest when a word does not exist or the unit cannot do it now
 */
export function doAction(site: Site, body: unknown): void {
  const given = recordIn(body, "an object such as { target: 'intake.A', action: 'rearm' }")
  const { pair, unit } = placeOf(site, String(given.target ?? ''))
  if (!pair) throw new RefusedRequest(`'${given.target}' is a UPS; actions go to pairs and units`)
  const action = String(given.action ?? '')
  if (action === 'reset_latches') resetLatches(pair)
  else if (action === 'set') setTag(pair, String(given.tag ?? ''), given.value)
  else if (action === 'take_over') takeOverAt(pair, unit)
  else {
    for (const name of unit ? [unit] : UNIT_NAMES) actOnUnit(pair.units[name], action, site.nowMs)
  }
}

function actOnUnit(unit: Controller, action: string, nowMs: number): void {
  if (action === 'remote' || action === 'local') unit.remote = action === 'remote'
  else if (action === 'reboot') powerOff(unit, 'action reboot', nowMs + BOOT_MS)
  else if (action === 'rearm') {
    if (!unit.powered) throw new RefusedRequest(`unit ${unit.name} is down; its panel is dead`)
    rearmBlock(unit.block)
  } else throw unknownWord('action', action, Object.keys(ACTIONS))
}

function takeOverAt(pair: Pair, unit: UnitName | undefined): void {
  if (!unit) throw new RefusedRequest(`take_over needs one unit: ${pair.name}.A or ${pair.name}.B`)
  if (!pair.units[unit].powered)
    throw new RefusedRequest(`unit ${unit} is down; it cannot take over`)
  takeOver(pair, unit, 'action take_over')
}

function resetLatches(pair: Pair): void {
  resetTruth(pair.truth)
  pair.tank.maxValveStepPct = 0
  pair.tank.maxLevelDeviationPct = 0
}

function setTag(pair: Pair, tag: string, value: unknown): void {
  if (!isSettable(tag)) throw unknownWord('tag', tag, Object.keys(SETTABLE))
  const { min, max, whole } = SETTABLE[tag]
  const wanted = Number(value ?? Number.NaN)
  const fits = wanted >= min && wanted <= max && (!whole || Number.isInteger(wanted))
  if (!fits) {
    const kind = whole ? 'a whole number' : 'a number'
    throw new RefusedRequest(`${tag} is '${value}'; expected ${kind} from ${min} to ${max}`)
  }
  const primary = primaryOf(pair)
  if (!primary.active) throw new RefusedRequest(`pair ${pair.name} has no primary to set ${tag} on`)
  const { control } = primary
  if (tag === 'LEVEL.SP') control.setpointPct = wanted
  else if (tag === 'MODE') control.mode = wanted
  else control.batchStep = wanted
}

function isSettable(tag: string): tag is Settable {
  return Object.hasOwn(SETTABLE, tag)
}

// One unit of a pair: its scan, its true role, what it senses and what it holds. The scan is a
// plain function of the unit and of what its wires bring, so that tests can run an hour of scans in
// a moment.
import {
  type CommandBlock,
  EXECUTE_LIMIT_MS,
  type Judgement,
  newCommandBlock,
  scanBlock,
  startBlock,
} from './command-block.ts'
import type { ArmedFaults } from './faults.ts'
import type { Permissives } from './judging.ts'
import {
  alignIntegral,
  controlLevel,
  copyControl,
  copySettings,
  type LevelControl,
  measureLevel,
} from './level-control.ts'
import type { Maker } from './maker-state.ts'
import { clampPct } from './process.ts'
import { lose, newRetained, type Retained } from './retained.ts'
import { ACTION, OPCODE, RESULT, ROLE } from './wire.ts'

export type UnitName = 'A' | 'B'

/** How long the unit takes to change its role once an OPERATE was accepted. */
const ROLE_CHANGE_MS = 50
/** How long a start takes, from power to the first scan. */
export const BOOT_MS = 300
const JUDGEMENTS_KEPT = 100

/** What the wires and the redundancy link bring to a unit in a scan. */
export type Field = {
  readonly nowMs: number
  readonly stepMs: number
  readonly levelPct: number
  readonly outflowLitresPerS: number
  /** What a healthy peer contact says: the other unit's outputs are dead. */
  readonly peerOutputsDead: boolean
  readonly peerIsolated: boolean
  /** What the active peer holds; undefined without an active peer or without a link. */
  readonly primary: LevelControl | undefined
}

/** Field bits as the program latched them in its last scan. */
export type Senses = {
  readonly nowMs: number
  readonly active: boolean
  readonly remote: boolean
  readonly interlockOk: boolean
  readonly peerNotActive: boolean
  readonly peerIsolated: boolean
  readonly contactFitted: boolean
  readonly forced: boolean
  readonly seesIo: boolean
}

export type Acknowledgement = Pick<CommandBlock, 'opcode' | 'result' | 'judged'> & {
  readonly accepted: number
}

type ComingRole = { readonly active: boolean; readonly atMs: number; readonly cause: string }

export type Controller = {
  readonly name: UnitName
  readonly block: CommandBlock
  readonly peerBlockUnit: number
  readonly control: LevelControl
  /** The redundancy of a maker in place of our command block. */
  readonly maker: Maker | undefined
  readonly judgements: Judgement[]
  faults: ArmedFaults
  powered: boolean
  /** When a start is finished, on the plant's clock; looked at while there is no power. */
  upAtMs: number
  started: boolean
  /**
   * The true role: the program wants the outputs alive. Whether they reach the process: `drives`.
   */
  active: boolean
  /** What last changed the role or the outputs. */
  cause: string
  remote: boolean
  heartbeat: number
  shownHeartbeat: number
  trackingLost: boolean
  comingRoles: ComingRole[]
  senses: Senses
  /** Values that are answered in place of the live ones: the fault stuck_registers. */
  stuckRegisters: ReadonlyMap<number, number>
  /**
   * The acknowledgement that the status shows in place of the true one: the fault acts_without_ack.
   */
  shownAcknowledgement: Acknowledgement | undefined
}

export type ControllerSettings = {
  readonly name: UnitName
  readonly blockUnit: number
  readonly peerBlockUnit: number
  readonly active: boolean
  readonly control: LevelControl
  readonly firstChallengeCount: number
  readonly maker?: Maker
  /** What the unit has kept from an earlier life; a unit from the factory by default. */
  readonly retained?: Retained
}

/** A unit under power, before its first scan. */
export function newController(settings: ControllerSettings): Controller {
  const { name, blockUnit, peerBlockUnit, active, control } = settings
  return {
    name,
    block: newCommandBlock(
      blockUnit,
      settings.retained ?? newRetained(),
      settings.firstChallengeCount,
    ),
    peerBlockUnit,
    control,
    maker: settings.maker,
    judgements: [],
    faults: {},
    powered: true,
    upAtMs: 0,
    started: false,
    active,
    cause: 'start',
    remote: true,
    heartbeat: 0,
    shownHeartbeat: 0,
    trackingLost: false,
    comingRoles: [],
    senses: {
      nowMs: 0,
      active,
      remote: true,
      interlockOk: true,
      peerNotActive: false,
      peerIsolated: false,
      contactFitted: true,
      forced: false,
      seesIo: true,
    },
    stuckRegisters: new Map(),
    shownAcknowledgement: undefined,
  }
}

/** One scan of a unit that executes its program. Returns what was judged in it. */
export function scanController(unit: Controller, field: Field): readonly Judgement[] {
  if (!unit.started) start(unit)
  unit.heartbeat = (unit.heartbeat + 1) & 0xffff
  if (!unit.faults.freeze_heartbeat) unit.shownHeartbeat = unit.heartbeat
  changeDueRoles(unit, field.nowMs)
  unit.senses = sense(unit, field)
  const before = acknowledgement(unit.block)
  const { operate, judgements } = scanBlock(unit.block, permissives(unit))
  if (operate) {
    planRole(unit, operate.action === ACTION.GO_ACTIVE, field.nowMs)
    if (unit.faults.acts_without_ack) unit.shownAcknowledgement ??= before
  }
  if (!unit.faults.acts_without_ack) unit.shownAcknowledgement = undefined
  unit.judgements.push(...judgements)
  unit.judgements.splice(0, unit.judgements.length - JUDGEMENTS_KEPT)
  runProgram(unit, field)
  return judgements
}

/**
 * Changes the true role at once. A unit that goes active starts from where it believes the valve to
 * be.
 */
export function setActive(unit: Controller, active: boolean, cause: string): void {
  if (unit.active === active) return
  unit.active = active
  unit.cause = cause
  if (active) alignIntegral(unit.control)
}

/** Takes the power away: the outputs drop and everything that was under way is forgotten. */
export function powerOff(unit: Controller, cause: string, upAtMs: number): void {
  setActive(unit, false, cause)
  unit.powered = false
  unit.upAtMs = upAtMs
  unit.comingRoles = []
  unit.shownAcknowledgement = undefined
}

/** Gives the power back; the next scan is the first one of a new start. */
export function powerOn(unit: Controller): void {
  unit.powered = true
  unit.started = false
}

/** The unit executes its program. */
export function isRunning(unit: Controller): boolean {
  return unit.powered && !unit.faults.stop_scan
}

/** The outputs are alive; this is what a peer contact senses. */
export function outputsLive(unit: Controller): boolean {
  return unit.powered && unit.active && !unit.faults.no_io
}

/** The truth that everything is judged by: the outputs drive the process. */
export function drives(unit: Controller): boolean {
  return outputsLive(unit) && !unit.faults.isolated
}

export function acknowledgement(block: CommandBlock): Acknowledgement {
  const { opcode, result, judged, retained } = block
  return { opcode, result, judged, accepted: retained.accepted }
}

function start(unit: Controller): void {
  if (unit.faults.retained_lost) lose(unit.block.retained)
  startBlock(unit.block)
  unit.started = true
  unit.heartbeat = 0
}

function sense(unit: Controller, field: Field): Senses {
  const { faults } = unit
  const stuck = faults.peer_contact_missing ?? faults.peer_contact_stuck
  return {
    nowMs: field.nowMs,
    active: unit.active,
    remote: unit.remote,
    interlockOk: !faults.interlock_lost,
    peerNotActive: stuck ? stuck.value : field.peerOutputsDead,
    peerIsolated: field.peerIsolated,
    contactFitted: !faults.peer_contact_missing,
    forced: faults.forced_io !== undefined,
    seesIo: !faults.no_io,
  }
}

function permissives(unit: Controller): Permissives {
  const { active, ...seen } = unit.senses
  const role = active ? ROLE.primary : ROLE.standby
  const refuses = unit.faults.refuses_command
  if (!refuses) return { ...seen, role }
  const code = numberOf(RESULT, refuses.code)
  const opcode = numberOf(OPCODE, refuses.opcode)
  return { ...seen, role, refusal: opcode === 0 ? { code } : { code, opcode } }
}

function numberOf(table: Readonly<Record<string, number>>, name: string): number {
  return table[name] ?? 0
}

function planRole(unit: Controller, active: boolean, nowMs: number): void {
  const { acks_not_act, acts_late, acts_without_ack } = unit.faults
  if (acks_not_act) return
  if (acts_late) {
    const atMs = nowMs + EXECUTE_LIMIT_MS + acts_late.ms
    unit.comingRoles.push({ active, atMs, cause: 'command, fault acts_late' })
    return
  }
  const cause = acts_without_ack ? 'command, fault acts_without_ack' : 'command'
  unit.comingRoles.push({ active, atMs: nowMs + ROLE_CHANGE_MS, cause })
}

function changeDueRoles(unit: Controller, nowMs: number): void {
  const due = unit.comingRoles.filter((coming) => coming.atMs <= nowMs)
  if (due.length === 0) return
  unit.comingRoles = unit.comingRoles.filter((coming) => coming.atMs > nowMs)
  for (const { active, cause } of due) setActive(unit, active, cause)
}

function runProgram(unit: Controller, field: Field): void {
  const { control } = unit
  measureLevel(control, field.levelPct)
  if (unit.active) controlLevel(control, field.outflowLitresPerS, field.stepMs)
  else if (field.primary) {
    copySettings(control, field.primary)
    if (!unit.faults.stuck_tracking) copyControl(control, field.primary)
  }
  loseTracking(unit, field.stepMs)
}

/**
 * From the moment that tracking gets stuck a standby stands apart from its primary, as after a long
 * time without it.
 */
function loseTracking(unit: Controller, stepMs: number): void {
  const stuck = unit.faults.stuck_tracking
  if (stuck && !unit.active) {
    const awayPct = (unit.trackingLost ? 0 : stuck.offset) + (stuck.per_s * stepMs) / 1000
    unit.control.outputPct = clampPct(unit.control.outputPct + awayPct)
    unit.control.integralPct += awayPct
  }
  unit.trackingLost = stuck !== undefined
}

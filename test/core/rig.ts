// The deciding core against the practice plant, both in virtual time: no sockets, no files, no waiting. The plant holds the truth;
// the journal is a list that becomes durable a cycle later unless a scenario says otherwise.

import { doAction } from '../../plc-sim/actions.ts'
import { drives } from '../../plc-sim/controller.ts'
import { readRegisters, writeCoil, writeRegisters } from '../../plc-sim/registers.ts'
import {
  clearFault,
  newSite,
  orderFault,
  type Site,
  scanSite,
  unitsOf,
} from '../../plc-sim/site.ts'
import { upsWords } from '../../plc-sim/ups.ts'
import { isSilent } from '../../plc-sim/ups-truth.ts'
import { loadPlant } from '../../src/config/load.ts'
import type {
  Command,
  Input,
  JournalRecord,
  Order,
  OrderBody,
  Output,
  Person,
} from '../../src/core/cycle.ts'
import type { Answered, DeviceImage, PathReport, Scan, WriteNote } from '../../src/core/image.ts'
import type { AccessRole, Device, ModbusPath, Plant } from '../../src/core/plant.ts'
import { rebuild } from '../../src/core/rebuild.ts'
import type { State } from '../../src/core/state.ts'
import { step } from '../../src/core/step.ts'
import { derive } from '../../src/field/derive.ts'
import { decoderOf } from '../../src/field/modbus/decode.ts'
import { detailValues, planDetail } from '../../src/field/modbus/detail.ts'
import { planReads } from '../../src/field/modbus/plan.ts'

export const people: Readonly<Record<string, AccessRole>> = {
  olga: 'observer',
  anna: 'operator',
  carl: 'operator',
  bert: 'supervisor',
  emil: 'engineer',
}

export type Seen = {
  readonly atMs: number
  readonly output: Output
}

export type Rig = {
  /** Another one only at a restart. */
  plant: Plant
  readonly site: Site
  state: State
  nowMs: number
  wallMs: number
  lateMs: number
  /** False: what is appended does not become durable. */
  syncing: boolean
  journalFault: string | undefined
  recordingFault: string | undefined
  historyFault: string | undefined
  leaseHeld: boolean
  /** Drops every command at the driver, as a lost connection would. */
  dropping: boolean
  /** Reads fail although the unit is well, as over a cut network. */
  readonly cut: Set<string>
  /** What becomes of a device's scans on their way, for what the practice plant itself cannot break. */
  readonly bent: Map<string, (scan: Scan) => Scan>
  /** The same for the reports of its paths. */
  readonly bentPaths: Map<string, (reports: readonly PathReport[]) => readonly PathReport[]>
  readonly records: JournalRecord[]
  readonly commands: Command[]
  readonly seen: Seen[]
  /** Sees every cycle, as the recorder does. */
  watch?: (before: State, input: Input, output: Output) => void
  /** Sees the practice plant after each of its scans, every 10 ms. */
  onScan?: () => void
  /** Commands that were really written to the practice plant. */
  readonly written: Command[]
}

/** A healthy demo plant and a supervisor that has just started on an empty journal. */
export function newRig(change: (plant: Plant) => Plant = (plant) => plant): Rig {
  const loaded = loadPlant(new URL('../../config/plant.demo.yaml', import.meta.url).pathname)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  const plant = change(loaded.plant)
  let challenge = 1
  const maker = plant.pairs.some(({ vendor }) => vendor !== undefined)
  const site = newSite(1, () => challenge++ * 1000, {}, maker)
  const start = { owner: 0x4d2a, nowMs: 0, wallMs: startWallMs, version: 'test' }
  return {
    plant,
    site,
    state: rebuild(plant, [], start),
    nowMs: 0,
    wallMs: startWallMs,
    lateMs: 0,
    syncing: true,
    journalFault: undefined,
    recordingFault: undefined,
    historyFault: undefined,
    leaseHeld: true,
    dropping: false,
    cut: new Set(),
    bent: new Map(),
    bentPaths: new Map(),
    records: [],
    commands: [],
    seen: [],
    written: [],
  }
}

const startWallMs = Date.UTC(2026, 10, 22, 8, 0, 0)

type Private = {
  durable: number
  notes: WriteNote[]
  cycles: number
  orders: Order[]
  orderCount: number
  scans: Map<string, Scan[]>
  newest: Map<string, Answered>
  pace: Readonly<Record<string, number>>
  detail: readonly string[]
  paths: Map<string, Pick<PathReport, 'carries' | 'changedMs'> & { up: boolean }>
}
const hidden = new WeakMap<object, Private>()
function inner(rig: Rig): Private {
  const known = hidden.get(rig)
  if (known) return known
  const fresh: Private = {
    durable: 0,
    notes: [],
    cycles: 0,
    orders: [],
    orderCount: 0,
    scans: new Map(),
    newest: new Map(),
    pace: {},
    detail: [],
    paths: new Map(),
  }
  hidden.set(rig, fresh)
  return fresh
}

/** Queues an order for the next cycle and returns its id. */
export function order(rig: Rig, who: string, body: OrderBody): string {
  const own = inner(rig)
  own.orderCount += 1
  const id = `o${own.orderCount}`
  own.orders.push({ ...body, id, by: person(who) })
  return id
}

export function person(name: string): Person {
  const role = people[name]
  if (role === undefined) throw new Error(`nobody is called ${name}`)
  return { name, role, via: 'test' }
}

/** Runs cycles until `ms` have passed. */
export function run(rig: Rig, ms: number): void {
  const untilMs = rig.nowMs + ms
  while (rig.nowMs < untilMs) cycle(rig)
}

/** Runs cycles until `done`, at most `limitMs`. */
export function runUntil(rig: Rig, done: (rig: Rig) => boolean, limitMs = 20_000): void {
  const untilMs = rig.nowMs + limitMs
  while (!done(rig)) {
    if (rig.nowMs >= untilMs) throw new Error(`not reached within ${limitMs} ms`)
    cycle(rig)
  }
}

/** One cycle: the plant moves on, the field is read on its own grid, the supervisor decides. */
export function cycle(rig: Rig): Output {
  const own = inner(rig)
  const cycleMs = rig.plant.cycleMs
  for (let passed = 0; passed < cycleMs; passed += 10) {
    scanSite(rig.site)
    rig.nowMs += 10
    rig.wallMs += 10
    rig.onScan?.()
    poll(rig, own)
  }
  own.cycles += 1
  const input: Input = {
    cycle: own.cycles,
    nowMs: rig.nowMs,
    wallMs: rig.wallMs,
    lateMs: rig.lateMs,
    image: latch(rig, own),
    writes: own.notes.splice(0),
    orders: own.orders.splice(0),
    lease: {
      held: rig.leaseHeld,
      holder: rig.leaseHeld ? 'this supervisor' : 'another supervisor',
    },
    journal: { durable: own.durable, ...(rig.journalFault && { fault: rig.journalFault }) },
    audits: [],
    ...(rig.recordingFault !== undefined && { recordingFault: rig.recordingFault }),
    ...(rig.historyFault !== undefined && { historyFault: rig.historyFault }),
  }
  const before = rig.state
  const { state, output } = step(before, input, rig.plant)
  rig.watch?.(before, input, output)
  rig.state = state
  rig.records.push(...output.records)
  if (rig.syncing && rig.journalFault === undefined) own.durable = rig.records.at(-1)?.seq ?? 0
  for (const command of output.commands) write(rig, own, command)
  own.pace = output.pace
  own.detail = output.detail
  rig.seen.push({ atMs: rig.nowMs, output })
  return output
}

/** kill -9 and a new start: only what was durable is left. */
export function restart(rig: Rig): void {
  const own = inner(rig)
  rig.records.splice(own.durable)
  own.notes = []
  own.orders = []
  own.scans.clear()
  own.newest.clear()
  own.pace = {}
  own.detail = []
  const start = { owner: 0x5e1f, nowMs: rig.nowMs, wallMs: rig.wallMs, version: 'test' }
  rig.state = rebuild(rig.plant, rig.records, start)
}

export const breakIt = (rig: Rig, target: string, fault: string, more: object = {}): string =>
  orderFault(rig.site, { target, fault, ...more }).id
export const mendIt = (rig: Rig, id: string): boolean => clearFault(rig.site, id)
export const act = (rig: Rig, body: object): void => doAction(rig.site, body)

export const lastOutput = (rig: Rig): Output => {
  const last = rig.seen.at(-1)
  if (last === undefined) throw new Error('no cycle has run')
  return last.output
}
export function pairOf(rig: Rig, name: string) {
  const pair = lastOutput(rig).view.pairs.find((one) => one.name === name)
  if (pair === undefined) throw new Error(`no pair ${name}`)
  return pair
}
/** The answer to an order, in whichever cycle it came. */
export function answerTo(rig: Rig, id: string) {
  const answer = rig.seen.flatMap(({ output }) => output.answers).find((one) => one.orderId === id)
  if (answer === undefined) throw new Error(`order ${id} was not answered`)
  return answer
}

/** The units that drive their process, by the practice plant's own account. */
export function truth(rig: Rig, pair: string) {
  const one = rig.site.pairs.find(({ name }) => name === pair)
  if (one === undefined) throw new Error(`no pair ${pair}`)
  const active = (['A', 'B'] as const).filter((unit) => drives(one.units[unit]))
  return {
    active,
    both: one.truth.bothActive.scans,
    none: one.truth.noneActive.scans,
    tank: one.tank,
  }
}

function poll(rig: Rig, own: Private): void {
  for (const device of Object.values(rig.plant.devices)) {
    const periodMs = Math.min(
      own.pace[device.id.split('.')[0] ?? ''] ?? device.scanMs,
      device.scanMs,
    )
    if (rig.nowMs % periodMs !== 0) continue
    const sample = rig.nowMs % device.scanMs === 0
    const detail = sample && own.detail.includes(device.id.split('.')[0] ?? '')
    const read = readDevice(rig, device, sample, detail)
    const scan = rig.bent.get(device.id)?.(read) ?? read
    const kept = own.scans.get(device.id) ?? []
    kept.push(scan)
    own.scans.set(device.id, kept)
    if (scan.kind === 'answered') own.newest.set(device.id, scan)
  }
}

function readDevice(rig: Rig, device: Device, sample: boolean, detail: boolean): Scan {
  const times = { sentMs: rig.nowMs, receivedMs: rig.nowMs + 1 }
  const read = registersOf(rig, device.id)
  const path = workingPaths(rig, device)[0]
  if (path === undefined || read === undefined) {
    const [first] = device.paths
    return {
      kind: 'failed',
      ...times,
      path: first?.name ?? '',
      fault: 'timeout',
      detail: 'no answer',
    }
  }
  const values: Record<string, Answered['values'][string]> = {}
  for (const one of planReads(path.signals, path)) {
    const words = read(one.address, one.count)
    if (words === undefined) {
      const failed = { kind: 'failed', ...times, path: path.name } as const
      return { ...failed, fault: 'exception', detail: 'illegal data address' }
    }
    const bytes = Buffer.alloc(2 * words.length)
    for (const [index, word] of words.entries()) bytes.writeUInt16BE(word, 2 * index)
    for (const signal of one.signals) {
      values[signal.key] = decoderOf(signal)(bytes, 2 * (signal.address - one.address))
    }
  }
  for (const one of detail ? planDetail(path) : []) {
    const words = read(one.address, one.count)
    const bytes = Buffer.alloc(2 * (words?.length ?? 0))
    for (const [index, word] of (words ?? []).entries()) bytes.writeUInt16BE(word, 2 * index)
    const outcome = words
      ? ({ kind: 'answered', bytes, ...times } as const)
      : ({ kind: 'failed', fault: 'exception', detail: 'illegal', left: true, ...times } as const)
    Object.assign(values, detailValues(one, outcome))
  }
  const all = derive(device.derived, values)
  return { kind: 'answered', ...times, path: path.name, sample, values: all }
}

/** The Modbus paths of a device that no network loss cuts; the first one carries it. */
const workingPaths = (rig: Rig, { id, paths }: Device): readonly ModbusPath[] =>
  paths.flatMap((path) =>
    path.protocol === 'modbus' && !rig.cut.has(id) && !rig.cut.has(`${id} ${path.name}`)
      ? [path]
      : [],
  )

/** What the field would report of the paths: the truth, as old as the newest scan. */
function reportsOf(rig: Rig, own: Private, device: Device): readonly PathReport[] {
  const working = registersOf(rig, device.id) === undefined ? [] : workingPaths(rig, device)
  return device.paths.map(({ name }, index) => {
    const up = working.some((path) => path.name === name)
    const carries = name === (working[0]?.name ?? device.paths[0]?.name)
    const key = `${device.id} ${index}`
    const before = own.paths.get(key)
    const changed = before?.up !== up || before.carries !== carries
    const state = changed ? { up, carries, changedMs: rig.nowMs } : before
    own.paths.set(key, state)
    const newest = own.newest.get(device.id)
    return {
      name,
      ...state,
      lossPct: 0,
      ...(!up && { fault: 'timeout: no answer' }),
      ...(up && newest !== undefined && { newest: { ...newest, path: name } }),
    }
  })
}

/** How a device is read; undefined when it would not answer. */
function registersOf(rig: Rig, id: string) {
  const unit = unitsOf(rig.site).find(({ target }) => target === id)?.unit
  if (unit) {
    const silent = unit.faults.hang ?? unit.faults.network_loss ?? unit.faults.crash
    if (silent || !unit.powered) return undefined
    return (address: number, count: number) => readRegisters(unit, address, count)
  }
  const ups = rig.site.upses.find(({ name }) => name === id)
  if (ups === undefined || ups.faults.comms_lost || isSilent(ups)) return undefined
  return (address: number, count: number) => upsWords(ups).slice(address, address + count)
}

function latch(rig: Rig, own: Private): Input['image'] {
  const image: Record<string, DeviceImage> = {}
  for (const device of Object.values(rig.plant.devices)) {
    const { id } = device
    const newest = own.newest.get(id)
    const reports = reportsOf(rig, own, device)
    const paths = rig.bentPaths.get(id)?.(reports) ?? reports
    image[id] = { scans: own.scans.get(id) ?? [], ...(newest && { newest }), paths }
  }
  own.scans.clear()
  return image
}

/** What the driver would do: write at once or drop. The block is in the registers before the next scan. */
function write(rig: Rig, own: Private, command: Command): void {
  rig.commands.push(command)
  const unit = unitsOf(rig.site).find(({ target }) => target === command.device)?.unit
  const device = rig.plant.devices[command.device]
  const ways = device === undefined ? [] : workingPaths(rig, device)
  const reachable = unit && registersOf(rig, command.device) && ways.length > 0
  if (rig.dropping || !reachable || !device?.mayWrite) {
    own.notes.push({
      commandId: command.id,
      fate: 'dropped',
      atMs: rig.nowMs,
      detail: 'not connected',
    })
    return
  }
  if (!writeTo(unit, ways[0], command)) {
    const detail = 'left, not acknowledged: exception 2 (illegal data address)'
    own.notes.push({ commandId: command.id, fate: 'uncertain', atMs: rig.nowMs, detail })
    return
  }
  rig.written.push(command)
  own.notes.push({ commandId: command.id, fate: 'sent', atMs: rig.nowMs, detail: 'acknowledged' })
}

/** A block of ours, or the declared write of a maker's command; false when the unit answers with an exception. */
function writeTo(
  unit: Parameters<typeof writeRegisters>[0],
  path: ModbusPath | undefined,
  { words, declared }: Command,
): boolean {
  if (declared === undefined) return writeRegisters(unit, 1100, words)
  const write = path?.declared?.[declared]
  if (write === undefined) throw new Error(`no declared write ${declared}`)
  const { functionCode, address } = write
  return functionCode === 5
    ? writeCoil(unit, address, write.words[0] !== 0)
    : writeRegisters(unit, address, write.words)
}

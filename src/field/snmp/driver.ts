// One UPS over SNMP (RFC 1628 or a maker's own objects), as src/field/driver.ts promises it. SNMP has no connections: every
// reading asks anew, so a UPS that comes back is read again at once; after a failure it is asked through a new session.

import assert from 'node:assert/strict'
import type { Fault, Scan, Value, WriteNote } from '../../core/image.ts'
import type { Device, SnmpPath, SnmpSignal } from '../../core/plant.ts'
import { derive, inputsFor } from '../derive.ts'
import type { BlockWrite, Driver } from '../driver.ts'
import { type AlarmsRead, alarmColumn, alarmsPresent, readAlarms } from './alarms.ts'
import { ObjectList } from './objects.ts'
import { type SnmpFailure, SnmpSession } from './session.ts'
import { snmpValue } from './values.ts'

/**
 * `clock` is the monotonic clock of all times in scans and notes. `device.timeoutMs` is the longest wait for the answer to one
 * request; a reading takes one for each 20 objects, and one for each alarm that stands when the signals name alarms.
 */
export function snmpDriver(device: Device, clock: () => number, path: SnmpPath): Driver {
  for (const signal of path.signals) assertReadable(signal)
  return new SnmpUps(device, clock, path)
}

/** What one kind of reading asks for. */
type Selection = {
  readonly places: readonly Place[]
  readonly objects: ObjectList
  readonly asksAlarms: boolean
}
type Place = { readonly signal: SnmpSignal; readonly object: string; readonly alarm?: string }

class SnmpUps implements Driver {
  readonly #device: Device
  readonly #clock: () => number
  readonly #path: SnmpPath
  readonly #everything: Selection
  readonly #glance: Selection
  #session: SnmpSession | undefined
  /** A session on its way; it is not begun twice, however long a name server takes. */
  #opening: Promise<SnmpSession | { readonly wrong: string }> | undefined
  #reading = false
  #closed = false

  constructor(device: Device, clock: () => number, path: SnmpPath) {
    this.#device = device
    this.#clock = clock
    this.#path = path
    const needed = inputsFor(device.glance, device.derived)
    this.#everything = selectionOf(path.signals)
    this.#glance = selectionOf(path.signals.filter((signal) => needed.has(signal.key)))
  }

  read(sample: boolean): Promise<Scan> {
    return this.#scan(sample, this.#everything)
  }

  glance(): Promise<Scan> {
    return this.#scan(false, this.#glance)
  }

  write(block: BlockWrite): Promise<WriteNote> {
    const { commandId } = block
    const atMs = this.#clock()
    return Promise.resolve({ commandId, fate: 'dropped', atMs, detail: 'a UPS is never written' })
  }

  close(): Promise<void> {
    this.#closed = true
    this.#session?.close()
    return Promise.resolve()
  }

  async #scan(sample: boolean, selection: Selection): Promise<Scan> {
    if (this.#reading) return this.#failed('not-asked', 'the last reading is still out')
    this.#reading = true
    const scan = await this.#ask(sample, selection)
    this.#reading = false
    return scan
  }

  async #ask(sample: boolean, selection: Selection): Promise<Scan> {
    const session = await this.#open()
    if ('wrong' in session) return this.#failed('unreachable', session.wrong)
    const read = await selection.objects.read(session)
    if (read.kind === 'failed') return this.#giveUp(session, selection, read)
    const { data, sentMs } = read
    const standing: AlarmsRead = selection.asksAlarms
      ? await readAlarms(session, data.get(alarmsPresent))
      : { kind: 'read', alarms: new Set() }
    if (standing.kind === 'failed') return this.#giveUp(session, selection, { ...standing, sentMs })
    const { alarms } = standing
    const values: Record<string, Value> = {}
    for (const { signal, object, alarm } of selection.places) {
      if (alarm === undefined) values[signal.key] = snmpValue(signal, data.get(object))
      else values[signal.key] = 'unknown' in alarms ? alarms : alarms.has(alarm)
    }
    const all = derive(this.#device.derived, values)
    const receivedMs = this.#clock()
    return { kind: 'answered', sentMs, receivedMs, path: this.#path.name, sample, values: all }
  }

  async #open(): Promise<SnmpSession | { readonly wrong: string }> {
    if (this.#closed) return { wrong: 'closed' }
    if (this.#session !== undefined) return this.#session
    const { timeoutMs } = this.#device
    this.#opening ??= this.#begin()
    let deadline: NodeJS.Timeout | undefined
    const late = new Promise<{ readonly wrong: string }>((resolve) => {
      const wrong = `the address of ${this.#path.host} was not found within ${timeoutMs} ms`
      deadline = setTimeout(() => resolve({ wrong }), timeoutMs)
    })
    const opened = await Promise.race([this.#opening, late])
    clearTimeout(deadline)
    return opened
  }

  async #begin(): Promise<SnmpSession | { readonly wrong: string }> {
    const opened = await SnmpSession.open(this.#path, this.#device.timeoutMs, this.#clock)
    this.#opening = undefined
    if ('wrong' in opened) return opened
    if (this.#closed) {
      opened.close()
      return { wrong: 'closed' }
    }
    this.#session = opened
    return opened
  }

  #giveUp(session: SnmpSession, { objects }: Selection, failure: SnmpFailure): Scan {
    session.close()
    this.#session = undefined
    objects.forget()
    return { ...failure, path: this.#path.name }
  }

  #failed(fault: Fault, detail: string): Scan {
    const nowMs = this.#clock()
    const path = this.#path.name
    return { kind: 'failed', sentMs: nowMs, receivedMs: nowMs, path, fault, detail }
  }
}

function selectionOf(signals: readonly SnmpSignal[]): Selection {
  const places = signals.map(placeOf)
  const asksAlarms = places.some(({ alarm }) => alarm !== undefined)
  const read = places.filter(({ alarm }) => alarm === undefined).map(({ object }) => object)
  const objects = new ObjectList([...new Set(asksAlarms ? [...read, alarmsPresent] : read)])
  return { places, objects, asksAlarms }
}

/** `OBJECT`, or `COLUMN#ALARM` for whether an alarm stands. */
function placeOf(signal: SnmpSignal): Place {
  const [object = '', alarm] = signal.oid.split('#')
  return alarm === undefined ? { signal, object } : { signal, object, alarm }
}

function assertReadable(signal: SnmpSignal): void {
  const { key, type, oid } = signal
  const { object, alarm } = placeOf(signal)
  const bitwise = type === 'bit' || type === 'bits' || type === 'words'
  const packed = type === 'bcd16' || type === 'bcd32'
  assert(!bitwise && !packed, `${key}: an SNMP object has no ${type}`)
  const named = /^[0-2](\.\d+)+(#[0-2](\.\d+)+)?$/.test(oid)
  assert(named, `${key}: ${oid} is not a numeric object name; expected 1.3.6.1.2.1.33.1.2.1.0`)
  if (alarm === undefined) return
  assert(object === alarmColumn, `${key}: only ${alarmColumn} lists alarms`)
  assert(type === 'bool', `${key}: an alarm stands or not; expected bool`)
}

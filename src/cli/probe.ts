// `probe`: reads one device once and shows every signal as it stands in the device, as it is understood, and where. The first thing
// to do with a new device: nothing is written, and no supervisor is needed.

import type { Answered, Scan, Value } from '../core/image.ts'
import { isUnknown } from '../core/image.ts'
import type { Device, Path, RegisterSignal, Signal } from '../core/plant.ts'
import { readUnit } from '../core/unit-reading.ts'
import { sizeOf } from '../field/modbus/plan.ts'
import { openDriver } from '../field/open-driver.ts'
import { type ExitCode, exitCode } from './outcome.ts'
import { type ProbeOptions, probedDevice } from './probed-device.ts'
import { wrap } from './table.ts'
import type { Terminal } from './terminal.ts'

const clock = (): number => performance.now()

export type ProbedSignal = {
  readonly key: string
  readonly at: string
  readonly raw: string
  readonly value: string
  /** `good`, or why the value is not known. */
  readonly quality: string
}

/** Exit 0 when the device answered, 1 when it did not. */
export async function probe(
  terminal: Terminal,
  what: string,
  options: ProbeOptions & { readonly json?: boolean },
): Promise<ExitCode> {
  const { device, path, notes } = probedDevice(what, options)
  const startWallMs = Date.now()
  const scan = await readOnce(device, path)
  const time = new Date(startWallMs).toISOString()
  const header = { device: device.id, path: path.name, address: path.address, time }
  if (scan.kind === 'failed') {
    if (options.json)
      terminal.json({ ...header, answered: false, fault: scan.fault, detail: scan.detail })
    else terminal.error(`bumpless: ${device.id} at ${path.address}: ${scan.fault}: ${scan.detail}`)
    return exitCode.failed
  }
  const signals = probedSignals(device, path, scan)
  const tookMs = Math.round(scan.receivedMs - scan.sentMs)
  if (options.json) {
    terminal.json({ ...header, answered: true, tookMs, signals, says: sayings(scan), notes })
    return exitCode.ok
  }
  terminal.out(`${device.id} at ${path.address} (${path.name}), read in ${tookMs} ms at ${time}`)
  terminal.out()
  for (const line of signalLines(signals)) terminal.out(line)
  const unknown = signals.filter(({ quality }) => quality !== 'good').length
  terminal.out()
  terminal.out(`${signals.length} signals, ${unknown} of them not known`)
  for (const line of sayings(scan)) terminal.out(line)
  for (const note of notes)
    for (const line of wrap(note, terminal.width(), '  - ')) terminal.out(line)
  return exitCode.ok
}

/** Every signal twice in one scan: as it is understood, and as it stands in the device. */
async function readOnce(device: Device, path: Path): Promise<Scan> {
  const both = withRaw(path)
  const driver = openDriver({ ...device, paths: [both], mayWrite: false }, clock, both)
  const untilMs = clock() + Math.max(2000, 2 * device.timeoutMs)
  try {
    for (;;) {
      const scan = await driver.read(true)
      const connecting = scan.kind === 'failed' && scan.fault === 'unreachable'
      if (!connecting || clock() > untilMs) return scan
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  } finally {
    await driver.close()
  }
}

const rawKey = (key: string): string => `raw:${key}`

function withRaw(path: Path): Path {
  switch (path.protocol) {
    case 'modbus':
      return { ...path, signals: path.signals.flatMap((one) => [one, rawRegisters(one)]) }
    case 'opcua':
      return { ...path, signals: path.signals.flatMap((one) => [one, unscaled(one)]) }
    case 'nut':
      return { ...path, signals: path.signals.flatMap((one) => [one, unscaled(one)]) }
    case 'snmp':
      return { ...path, signals: path.signals.flatMap((one) => [one, unscaled(one)]) }
  }
}

/** As the protocol gives it: without scale, words and markers. */
function unscaled<Located extends Signal>(signal: Located): Omit<Located, 'names'> {
  const { names: _names, ...rest } = signal
  return { ...rest, key: rawKey(signal.key), scale: 1, offset: 0, unknownWhen: [] }
}

/** The whole words that a value stands in, in the order of the wire. */
function rawRegisters(signal: RegisterSignal): RegisterSignal {
  const plain = unscaled(signal)
  if (signal.area === 'co' || signal.area === 'di') return plain
  const { bit: _bit, bitCount: _count, ...rest } = plain
  return { ...rest, type: 'words', words: sizeOf(signal), wordOrder: 'big', byteOrder: 'big' }
}

const isRegister = (signal: Signal): signal is RegisterSignal => 'area' in signal

function probedSignals(device: Device, path: Path, scan: Answered): readonly ProbedSignal[] {
  const located = path.signals.map((signal): ProbedSignal => {
    const value = scan.values[signal.key]
    const raw = scan.values[rawKey(signal.key)]
    return { ...shown(signal.key, value), at: placeText(signal), raw: rawText(raw) }
  })
  const derived = device.derived.map(
    ({ key }): ProbedSignal => ({ ...shown(key, scan.values[key]), at: 'derived', raw: '' }),
  )
  return [...located, ...derived]
}

const shown = (key: string, value: Value | undefined) =>
  isUnknown(value)
    ? { key, value: '?', quality: value?.unknown ?? 'was not read' }
    : { key, value: valueText(value), quality: 'good' }

const valueText = (value: Exclude<Value, { unknown: string }>): string =>
  typeof value === 'object' ? value.map(hexWord).join(' ') : String(value)

/** Words in hexadecimal, everything else as the protocol gives it. */
function rawText(raw: Value | undefined): string {
  if (isUnknown(raw)) return '?'
  if (typeof raw === 'object') return raw.map(hexWord).join(' ')
  return String(raw)
}

const hexWord = (word: number): string => word.toString(16).toUpperCase().padStart(4, '0')

function placeText(signal: Signal): string {
  if (isRegister(signal)) {
    const { area, address, bit, bitCount } = signal
    if (bit === undefined) return `${area}:${address}`
    return `${area}:${address}.${bit}${bitCount === undefined ? '' : `-${bit + bitCount - 1}`}`
  }
  if ('node' in signal) return String(signal.node)
  if ('variable' in signal) {
    return 'token' in signal ? `${signal.variable}/${signal.token}` : String(signal.variable)
  }
  return 'oid' in signal ? String(signal.oid) : ''
}

/** A long status block gets lines of its own, so that the other columns stay narrow. */
function signalLines(signals: readonly ProbedSignal[]): readonly string[] {
  const short = (text: string, most: number): string =>
    text.length <= most ? text : `${text.slice(0, most - 1)}…`
  const rows = signals.map(({ key, at, raw, value, quality }) => [
    key,
    short(at, 34),
    short(raw, 24),
    quality === 'good' ? short(value, 40) : `? ${quality}`,
  ])
  const all = [['SIGNAL', 'AT', 'RAW', 'VALUE'], ...rows]
  const widths = [0, 1, 2].map((column) =>
    Math.max(...all.map((row) => (row[column] ?? '').length)),
  )
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** What the scan says of a unit in words. */
function sayings({ values }: Answered): readonly string[] {
  if (values.status === undefined && values.role === undefined) return []
  const reading = readUnit(values)
  if (typeof reading === 'string') return [`not believed: ${reading}`]
  const { role, identity, heartbeat, status } = reading
  return [
    [
      `role ${role}`,
      ...(identity === undefined ? [] : [`unit ${identity}`]),
      ...(heartbeat === undefined ? [] : [`heartbeat ${String(heartbeat)}`]),
      ...(status === undefined ? [] : [`epoch ${status.epoch}`]),
    ].join(', '),
  ]
}

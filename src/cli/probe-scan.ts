// `probe --scan`: walks a range of registers of an unknown device and shows which exist and what stands in them. Reads only, one
// request at a time with a pause between them: a small controller must not notice that somebody looks.

import { parseRegister } from '../config/address.ts'
import { buildPath } from '../config/build-path.ts'
import type { ModbusPath } from '../core/plant.ts'
import { openTransport } from '../field/modbus/driver.ts'
import type { Area, Outcome, Transport } from '../field/modbus/outcome.ts'
import { type ExitCode, exitCode, Halt, usageFault } from './outcome.ts'
import { addressEntry } from './probed-device.ts'
import type { Terminal } from './terminal.ts'

export type ScanOptions = {
  readonly scan: string
  readonly unit?: string
  readonly atOnce?: string
  readonly timeout?: string
  readonly json?: boolean
}

const clock = (): number => performance.now()
/** Time between two requests, ms. */
const pauseMs = 10

type Found = { readonly address: number; readonly value: number }
type Range = { readonly area: Area; readonly first: number; readonly last: number }

/** Exit 0 when at least one register answered, 1 when none did or the device was lost. */
export async function probeScan(
  terminal: Terminal,
  address: string,
  options: ScanOptions,
): Promise<ExitCode> {
  const range = parseRange(options.scan)
  const block = limited(
    '--at-once',
    options.atOnce,
    64,
    1,
    range.area === 'co' || range.area === 'di' ? 2000 : 125,
  )
  const transport = transportTo(address, options)
  try {
    await connected(transport, address)
    const found: Found[] = []
    for (let first = range.first; first <= range.last; first += block) {
      const last = Math.min(range.last, first + block - 1)
      terminal.control(`\r${range.area}:${first} of ${range.last}, ${found.length} found `)
      found.push(...(await readRange(transport, { ...range, first, last })))
    }
    terminal.control('\r\x1b[K')
    show(terminal, address, range, found, options.json === true)
    return found.length > 0 ? exitCode.ok : exitCode.failed
  } finally {
    await transport.close()
  }
}

/** `hr:0-200`, or one register `hr:7`. */
function parseRange(text: string): Range {
  const match = /^([a-z]+:\d+)(?:-(\d+))?$/i.exec(text)
  const parsed = parseRegister(match?.[1] ?? text)
  if (match === null || 'wrong' in parsed) {
    const why = 'wrong' in parsed ? `: ${parsed.wrong}` : ''
    throw usageFault(`--scan is "${text}"; expected a range such as hr:0-200${why}`)
  }
  const last = match[2] === undefined ? parsed.address : Number(match[2])
  if (last < parsed.address || last > 65_535) {
    throw usageFault(`--scan is "${text}"; expected an end from ${parsed.address} to 65535`)
  }
  return { area: parsed.area, first: parsed.address, last }
}

function transportTo(address: string, options: ScanOptions): Transport {
  const entry = addressEntry(address, options.unit)
  if (entry.modbus === undefined) throw usageFault('only Modbus registers can be walked')
  const path = buildPath(entry, {
    registers: { signals: [], gapMax: 0, registersMax: 125, bitsMax: 2000 },
    nodes: { signals: [] },
    variables: [],
    objects: [],
  }) as ModbusPath
  const timeoutMs = limited('--timeout', options.timeout, 1000, 50, 60_000)
  return openTransport({ timeoutMs }, clock, path, false)
}

function limited(
  option: string,
  text: string | undefined,
  otherwise: number,
  lowest: number,
  highest: number,
): number {
  const value = text === undefined ? otherwise : Number(text)
  if (Number.isInteger(value) && value >= lowest && value <= highest) return value
  throw usageFault(`${option} is "${text}"; expected a whole number from ${lowest} to ${highest}`)
}

async function connected(transport: Transport, address: string): Promise<void> {
  const untilMs = clock() + 3000
  while (transport.obstacle !== undefined) {
    if (clock() > untilMs) throw new Halt(`${address}: ${transport.obstacle}`)
    await pause(20)
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A block that touches a register which is not there is halved until only those that are remain. */
async function readRange(transport: Transport, range: Range): Promise<readonly Found[]> {
  const { area, first, last } = range
  await pause(pauseMs)
  const outcome = await transport.read(area, first, last - first + 1)
  if (outcome.kind === 'answered') return valuesOf(range, outcome)
  if (outcome.fault !== 'exception') {
    throw new Halt(`${area}:${first}-${last}: ${outcome.fault}: ${outcome.detail}`)
  }
  if (first === last) return []
  const middle = Math.floor((first + last) / 2)
  return [
    ...(await readRange(transport, { area, first, last: middle })),
    ...(await readRange(transport, { area, first: middle + 1, last })),
  ]
}

function valuesOf(
  { area, first, last }: Range,
  { bytes }: Outcome & { kind: 'answered' },
): Found[] {
  const data = Buffer.from(bytes)
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    address: first + index,
    value:
      area === 'co' || area === 'di'
        ? ((data[index >> 3] ?? 0) >> (index & 7)) & 1
        : data.readUInt16BE(2 * index),
  }))
}

function show(
  terminal: Terminal,
  address: string,
  { area, first, last }: Range,
  found: readonly Found[],
  json: boolean,
): void {
  if (json) {
    terminal.json({ address, area, first, last, found })
    return
  }
  const bits = area === 'co' || area === 'di'
  for (const { address: at, value } of found) {
    const hex = value.toString(16).toUpperCase().padStart(4, '0')
    const signed = value > 0x7fff ? ` ${value - 0x1_0000}` : ''
    const line = bits ? `${value}` : `${hex}  ${String(value).padStart(5)}${signed}${asText(value)}`
    terminal.out(`${`${area}:${at}`.padEnd(9)} ${line}`)
  }
  const many = last - first + 1
  terminal.out(
    `${address}: ${found.length} of ${many} answered from ${area}:${first} to ${area}:${last}`,
  )
  if (!bits && found.some(({ value }) => value === 0)) {
    terminal.out(
      'A zero is no proof: many devices answer 0 for registers that they do not have. --at-once 1 asks one by one.',
    )
  }
}

/** Two printable characters, as texts in registers have them. */
function asText(word: number): string {
  const letters = [word >> 8, word & 0xff]
  return letters.every((code) => code >= 0x20 && code < 0x7f)
    ? `  '${String.fromCharCode(...letters)}'`
    : ''
}

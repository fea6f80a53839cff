// `probe --block`: leads one unit's command block through its refusals without moving its role, and prints a record for the
// commissioning binder. It writes to a controller and claims it, so it asks for the device's name first and keeps out of a switchover.

import { randomInt } from 'node:crypto'
import { has, resultName, type StatusBlock } from '../core/block.ts'
import type { Device, Path } from '../core/plant.ts'
import { openDriver } from '../field/open-driver.ts'
import { ask } from './ask.ts'
import { BlockLine } from './block-line.ts'
import { type BlockRecord, passed, recordJson, recordLines } from './block-record.ts'
import { BlockSession } from './block-session.ts'
import { type ExitCode, exitCode, Halt, usageFault } from './outcome.ts'
import { type ProbeOptions, probedDevice } from './probed-device.ts'
import type { Terminal } from './terminal.ts'

export type ProbeBlockOptions = ProbeOptions & {
  readonly yesWrite?: boolean
  readonly deviceName?: string
  readonly unattended?: boolean
  readonly json?: boolean
}

/** Exit 0 when every block was answered as it must be, 1 when one was not, 3 when the unit is not free for it. */
export async function probeBlock(
  terminal: Terminal,
  what: string,
  options: ProbeBlockOptions,
): Promise<ExitCode> {
  if (what.includes('://')) {
    throw usageFault('an address alone is never written; expected a device of the plant file')
  }
  const { device, path } = probedDevice(what, options)
  if (!hasBlock(path)) {
    throw usageFault(`${device.id} has no command block at ${path.address}; nothing was written`)
  }
  if (options.yesWrite !== true) {
    throw usageFault(
      `probe --block writes to ${device.id} and claims it; expected --yes-write once that is meant`,
    )
  }
  const attended = options.unattended !== true
  if (attended && !terminal.interactive) {
    throw usageFault('nobody can be asked here; expected a terminal, or --unattended')
  }
  if (!device.mayWrite) {
    throw new Halt(`${device.id} is only watched (mode: observe); nothing was written`)
  }
  await named(terminal, device, options)
  const { line, close, program } = await opened(device, path)
  try {
    const unit = await line.status()
    refuseUnlessFree(device, unit, attended)
    foretell(terminal, device, unit)
    const record = await carriedOut(terminal, line, unit, { device, path, program, attended })
    if (options.json) terminal.json(recordJson(record))
    else for (const text of recordLines(record, terminal.width())) terminal.out(text)
    return passed(record) ? exitCode.ok : exitCode.failed
  } finally {
    await close()
  }
}

const hasBlock = (path: Path): boolean =>
  (path.protocol === 'modbus' && path.commandAt !== undefined) ||
  (path.protocol === 'opcua' && path.command !== undefined)

/** The name is typed, or stands in the script: never by accident. */
async function named(
  terminal: Terminal,
  { id }: Device,
  { deviceName }: ProbeBlockOptions,
): Promise<void> {
  if (deviceName === id) return
  if (deviceName !== undefined) {
    throw usageFault(`--device-name is "${deviceName}"; expected ${id}`)
  }
  if (!terminal.interactive) throw usageFault(`expected --device-name ${id}`)
  const asked = await ask(terminal, `Type the name of the device to write to it:`)
  if (asked.kind === 'line' && asked.text === id) return
  throw new Halt(`the name was not ${id}; nothing was written`, exitCode.aborted)
}

/** Connected, with the checksum of the unit's program when it tells one. */
async function opened(device: Device, path: Path) {
  const driver = openDriver({ ...device, paths: [path] }, () => performance.now(), path)
  const line = new BlockLine(driver, device.id, path.protocol === 'opcua')
  try {
    await line.status()
    const scan = await driver.read(true)
    const value = scan.kind === 'answered' ? scan.values.program : undefined
    const program =
      typeof value === 'number' ? value.toString(16).toUpperCase().padStart(8, '0') : 'not known'
    return { line, program, close: () => driver.close() }
  } catch (fault) {
    await driver.close()
    throw fault
  }
}

/** A unit in the middle of a switchover, or one that a person must see to first, is left alone. */
function refuseUnlessFree({ id }: Device, unit: StatusBlock, attended: boolean): void {
  const owner = unit.owner.toString(16).toUpperCase().padStart(4, '0')
  const why = has(unit, 'executing')
    ? `a role change is under way, ordered by ${owner}`
    : has(unit, 'selected')
      ? `a selection of ${owner} stands: a supervisor is about to act`
      : has(unit, 'locked') && !attended
        ? 'it is locked: press re-arm at the panel first'
        : !has(unit, 'remote')
          ? 'its switch stands on LOCAL: turn it to REMOTE first'
          : unit.role !== 'primary' && unit.role !== 'standby'
            ? `its role is ${unit.role}; expected primary or standby`
            : undefined
  if (why !== undefined) throw new Halt(`${id}: ${why}; nothing was written`, exitCode.notReady)
}

function foretell(terminal: Terminal, { id }: Device, unit: StatusBlock): void {
  const claimed = unit.owner !== 0
  terminal.error(
    `${id} is claimed for epoch ${unit.epoch + 1}: ${
      claimed ? 'a supervisor that runs' : 'a supervisor'
    } will see a foreign claim, and claims anew with its next switchover`,
  )
}

async function carriedOut(
  terminal: Terminal,
  line: BlockLine,
  unit: StatusBlock,
  about: { device: Device; path: Path; program: string; attended: boolean },
): Promise<BlockRecord> {
  const { device, path, program, attended } = about
  const owner = randomInt(1, 0x1_0000)
  const startedAt = new Date().toISOString()
  const session = new BlockSession(terminal, line, unit, owner)
  const stopped = await session.run(attended)
  // The record is printed even when the unit fell silent: what was sent must be known.
  const end = await line.until(() => true, 3000)
  const left =
    end === undefined
      ? 'the unit does not answer any more'
      : has(end, 'idle')
        ? undefined
        : `the unit is not idle: ${resultName(end.result)}`
  const why = stopped ?? left
  return {
    ...{ device: device.id, address: path.address, unit: unit.unit, role: unit.role, program },
    ...{ boot: unit.boot, startedAt, endedAt: new Date().toISOString() },
    epoch: { before: unit.epoch, ...(end && { after: end.epoch }) },
    owner: { before: unit.owner, probe: owner },
    ...{ trials: session.recorded, notSeen: session.notSeen },
    ...(why !== undefined && { stopped: why }),
  }
}

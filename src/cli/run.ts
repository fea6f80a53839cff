// `run`: puts the parts of the supervisor together and starts its cycle. The only file that knows them all.

import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { loneLease } from '../cluster/lease.ts'
import { loadPlant } from '../config/load.ts'
import { faultText } from '../config/source.ts'
import type { Audit, Command, JournalRecord } from '../core/cycle.ts'
import type { Plant } from '../core/plant.ts'
import { rebuild } from '../core/rebuild.ts'
import type { PairView } from '../core/view.ts'
import type { BlockWrite } from '../field/driver.ts'
import { openField } from '../field/field.ts'
import { openJournal } from '../journal/journal.ts'
import { openRecorder, type Recorder } from '../recorder/recorder.ts'
import { openAccess } from '../serve/access.ts'
import { openBoard } from '../serve/board.ts'
import { type Inbox, openInbox } from '../serve/inbox.ts'
import { createSupervisor, runCycles } from '../supervisor.ts'
import { openDoors } from './doors.ts'
import { type ExitCode, exitCode, Halt, usageFault } from './outcome.ts'

/** A switchover that is under way when the service is told to stop may take this long to end. */
const stopWithinMs = 20_000
const mono = (): number => performance.now()

/** Supervises the plant of `file` until SIGTERM or SIGINT. Throws Halt, one clear line, when it cannot start. */
export async function run(file: string): Promise<ExitCode> {
  const plant = readPlant(file)
  const audits: Audit[] = []
  const onAudit = (text: string, data: Audit['data']) => void audits.push({ text, data })
  const access = await orHalt(openAccess({ usersFile: plant.usersFile, onAudit }))
  const opened = await orHalt(openJournal({ copies: plant.journalCopies }))
  const { journal, records, report } = opened
  for (const note of report.notes) audits.push({ text: `journal: ${note}`, data: {} })
  const owner = randomInt(1, 0x1_0000)
  const first = rebuild(plant, records, {
    owner,
    nowMs: mono(),
    wallMs: Date.now(),
    version: version(),
  })
  const field = openField(plant, mono)
  const inbox = openInbox({}, mono)
  const board = openBoard(mono)
  const log = openLog()
  const recorder = recorderOf(plant, audits)
  const supervisor = createSupervisor(
    {
      plant,
      clock: { mono, wall: Date.now },
      latch: field.latch,
      write: async (device, command) => field.driver(device).write(writeOf(command)),
      setPace: field.setPace,
      journal,
      inbox,
      board,
      lease: loneLease('this supervisor, alone'),
      takeAudits: () => audits.splice(0),
      ...(recorder && { recorder }),
      onRecords: log,
    },
    first,
  )
  const cycles = runCycles(supervisor, plant.cycleMs, mono)
  const doors = await orHalt(
    openDoors({ plant, version: version(), inbox, board, access, journal, onAudit }),
  ).catch(async (fault: unknown) => {
    cycles.stop()
    await recorder?.close()
    await field.close()
    await journal.close()
    access.close()
    throw fault
  })
  const mode = plant.mode === 'observe' ? ', observe-only: nothing is ever written' : ''
  const names = plant.pairs.map(({ name }) => name).join(', ')
  process.stdout.write(
    `bumpless: supervising ${plant.site} (${names})${mode}, ${doors.urls.join(', ')}\n`,
  )
  const signal = await stopSignal()
  process.stdout.write(`bumpless: ${signal}, stopping\n`)
  await endSwitchovers(inbox, () => board.current()?.view.pairs ?? [])
  inbox.close()
  await doors.close()
  cycles.stop()
  await recorder?.close()
  await field.close()
  await journal.close()
  access.close()
  process.stdout.write('bumpless: stopped\n')
  return exitCode.ok
}

const writeOf = ({ id, words, declared, deadlineMs }: Command): BlockWrite => ({
  commandId: id,
  words,
  ...(declared !== undefined && { declared }),
  deadlineMs,
})

function readPlant(file: string): Plant {
  const loaded = loadPlant(file)
  if (!loaded.ok) throw usageFault(loaded.faults.map(faultText).join('\n'))
  for (const warning of loaded.warnings) process.stderr.write(`${faultText(warning)}\n`)
  return loaded.plant
}

/** Undefined where the plant file keeps no recording. */
const recorderOf = (plant: Plant, audits: Audit[]): Recorder | undefined =>
  plant.recorder &&
  openRecorder({
    ...plant.recorder,
    plant,
    version: version(),
    onGap: (text) => void audits.push({ text, data: {} }),
  })

/** Everything that is recorded also goes to stdout: as text on a terminal, else as JSON lines for the journal of the host. */
function openLog(): (records: readonly JournalRecord[]) => void {
  if (process.stdout.isTTY) {
    return (records) => {
      for (const { wallMs, text } of records) {
        process.stdout.write(`${new Date(wallMs).toISOString()} ${text}\n`)
      }
    }
  }
  const logger = pino({ base: null })
  return (records) => {
    for (const { seq, kind, actor, pair, text } of records)
      logger.info({ seq, kind, actor, pair }, text)
  }
}

/** Nothing is cut: what is only prepared or proposed is aborted, what has been confirmed may end; nothing new begins. */
async function endSwitchovers(inbox: Inbox, pairs: () => readonly PairView[]): Promise<void> {
  const by = { name: 'supervisor', role: 'engineer', via: 'service stop' } as const
  inbox.stopFor(by.via)
  const untilMs = mono() + stopWithinMs
  while (mono() < untilMs) {
    const open = pairs().flatMap(({ switchover }) => switchover ?? [])
    if (open.length === 0) return
    for (const { id, phase } of open) {
      if (phase !== 'preparing' && phase !== 'proposed') continue
      await inbox.submit({ kind: 'abort', switchover: id, reason: 'the service is stopping' }, by)
    }
    await new Promise((done) => setTimeout(done, 50))
  }
}

const stopSignal = (): Promise<string> =>
  new Promise((done) => {
    process.once('SIGTERM', () => done('SIGTERM'))
    process.once('SIGINT', () => done('SIGINT'))
  })

async function orHalt<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (fault) {
    const expected = fault instanceof Error && (fault.name !== 'Error' || fault.cause !== undefined)
    if (expected && !(fault instanceof TypeError)) throw new Halt(fault.message)
    throw fault
  }
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return String((JSON.parse(text) as { version: string }).version)
}

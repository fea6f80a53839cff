// `run`: puts the parts of the supervisor together and starts its cycle. The only file that knows them all.

import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { loneLease } from '../cluster/lease.ts'
import { loadPlant } from '../config/load.ts'
import { faultText } from '../config/source.ts'
import type { Audit, Command } from '../core/cycle.ts'
import type { Image } from '../core/image.ts'
import type { Plant } from '../core/plant.ts'
import { rebuild } from '../core/rebuild.ts'
import type { BlockWrite } from '../field/driver.ts'
import { openField } from '../field/field.ts'
import { type OpenedJournal, openJournal } from '../journal/journal.ts'
import { openRecorder, type Recorder } from '../recorder/recorder.ts'
import { type OnAudit, openAccess } from '../serve/access.ts'
import { type Board, openBoard } from '../serve/board.ts'
import { openCycleTimes } from '../serve/cycle-times.ts'
import { openInbox } from '../serve/inbox.ts'
import { openSetUp } from '../serve/set-up.ts'
import { createSupervisor, runCycles } from '../supervisor.ts'
import { openDoors } from './doors.ts'
import { type Notifier, openNotifier } from './notify.ts'
import { type ExitCode, exitCode, Halt, usageFault } from './outcome.ts'
import { openLog } from './run-log.ts'
import { endSwitchovers, stopSignal } from './run-stop.ts'
import { selfOf } from './self.ts'

const mono = (): number => performance.now()

/** Supervises the plant of `file` until SIGTERM or SIGINT. Throws Halt, one clear line, when it cannot start. */
export async function run(file: string): Promise<ExitCode> {
  const plant = readPlant(file)
  const audits: Audit[] = []
  const onAudit = (text: string, data: Audit['data']) => void audits.push({ text, data })
  const access = await orHalt(openAccess({ usersFile: plant.usersFile, onAudit }))
  const setUp = await orHalt(
    (async () => openSetUp({ access, usersFile: plant.usersFile, onAudit }))(),
  )
  const opened = await orHalt(openJournal({ copies: plant.journalCopies }))
  const { journal } = opened
  const parts = supervise(plant, opened, audits)
  const { inbox, board } = parts
  const closeRest = async (): Promise<void> => {
    setUp.close()
    await parts.end()
    await journal.close()
    access.close()
  }
  const stopping = new AbortController()
  const doors = await orHalt(
    openDoors({
      ...{ plant, version: version(), inbox, board, access, journal, onAudit, setUp },
      ...{ stopping: stopping.signal, onHistory: parts.onHistory },
      self: selfOf({ ...parts, plant, plantFile: file, journal, nowMs: mono }),
    }),
  ).catch(async (fault: unknown) => {
    await closeRest()
    throw fault
  })
  const notifier = notifierOf(plant, board, onAudit)
  notifier.ready()
  process.stdout.write(readyText(plant, doors.urls, setUp.tokenFile()))
  const signal = await stopSignal()
  process.stdout.write(`bumpless: ${signal}, stopping\n`)
  notifier.stopping(`${signal}: what is under way is brought to an end`)
  stopping.abort()
  await endSwitchovers(inbox, () => board.current()?.view.pairs ?? [])
  inbox.close()
  await doors.close()
  await closeRest()
  notifier.close()
  process.stdout.write('bumpless: stopped\n')
  return exitCode.ok
}

/** The field, the cycle between it and the doors, and what can be seen of it from outside; it runs already. */
function supervise(plant: Plant, { journal, records, report }: OpenedJournal, audits: Audit[]) {
  for (const note of report.notes) audits.push({ text: `journal: ${note}`, data: {} })
  const first = rebuild(plant, records, {
    owner: randomInt(1, 0x1_0000),
    nowMs: mono(),
    wallMs: Date.now(),
    version: version(),
  })
  const field = openField(plant, mono)
  const inbox = openInbox({}, mono)
  const board = openBoard(mono)
  const recorder = recorderOf(plant, audits)
  const times = openCycleTimes()
  let image: Image = {}
  const take = (): Image => {
    image = field.latch.take()
    return image
  }
  let historyFault: string | undefined
  const supervisor = createSupervisor(
    {
      plant,
      clock: { mono, wall: Date.now },
      latch: { take },
      write: async (device, command) => field.driver(device).write(writeOf(command)),
      setPace: field.setPace,
      journal,
      inbox,
      board,
      lease: loneLease('this supervisor, alone'),
      takeAudits: () => audits.splice(0),
      ...(recorder && { recorder }),
      historyFault: () => historyFault,
      onRecords: openLog(),
    },
    first,
  )
  const cycles = runCycles(supervisor, plant.cycleMs, mono, times.note)
  return {
    ...{ inbox, board, times, startedWallMs: first.startedWallMs },
    image: () => image,
    recordingFault: () => recorder?.fault(),
    onHistory: (fault: string | undefined): void => {
      historyFault = fault
    },
    historyFault: () => historyFault,
    end: async (): Promise<void> => {
      cycles.stop()
      await recorder?.close()
      await field.close()
    },
  }
}

/** Cycles that stay away for longer than this are no supervision any more, ms. */
const quietLimitMs = 3_000

const notifierOf = (plant: Plant, board: Board, onAudit: OnAudit): Notifier =>
  openNotifier({
    environment: process.env,
    quietMs: board.quietMs,
    quietLimitMs: Math.max(quietLimitMs, 10 * plant.cycleMs),
    sentence: () => {
      const view = board.current()?.view
      return view && `${plant.site}: ${view.supervisor.sentence}`
    },
    onFault: (text) => onAudit(text, {}),
  })

function readyText(plant: Plant, urls: readonly string[], tokenFile: string | undefined): string {
  const mode = plant.mode === 'observe' ? ', observe-only: nothing is ever written' : ''
  const names = plant.pairs.map(({ name }) => name).join(', ')
  const ready = `bumpless: supervising ${plant.site} (${names})${mode}, ${urls.join(', ')}\n`
  if (tokenFile === undefined) return ready
  const page = urls.at(-1) ?? ''
  return `${ready}bumpless: nobody has an account yet; the one-time token in ${tokenFile} makes the first one at ${page}, or use: bumpless user add NAME --role engineer\n`
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

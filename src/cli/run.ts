// `run`: puts the parts of the supervisor together and starts its cycle. The only file that knows them all.

import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { loneLease } from '../cluster/lease.ts'
import { loadPlant } from '../config/load.ts'
import { faultText } from '../config/source.ts'
import type { Audit, Command } from '../core/cycle.ts'
import type { Plant } from '../core/plant.ts'
import { rebuild } from '../core/rebuild.ts'
import type { BlockWrite } from '../field/driver.ts'
import { openField } from '../field/field.ts'
import { openJournal } from '../journal/journal.ts'
import { openRecorder, type Recorder } from '../recorder/recorder.ts'
import { openAccess } from '../serve/access.ts'
import { openBoard } from '../serve/board.ts'
import { openInbox } from '../serve/inbox.ts'
import { openSetUp } from '../serve/set-up.ts'
import { createSupervisor, runCycles } from '../supervisor.ts'
import { openDoors } from './doors.ts'
import { type ExitCode, exitCode, Halt, usageFault } from './outcome.ts'
import { openLog } from './run-log.ts'
import { endSwitchovers, stopSignal } from './run-stop.ts'

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
  const { journal, records, report } = await orHalt(openJournal({ copies: plant.journalCopies }))
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
  const recorder = recorderOf(plant, audits)
  let historyFault: string | undefined
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
      historyFault: () => historyFault,
      onRecords: openLog(),
    },
    first,
  )
  const cycles = runCycles(supervisor, plant.cycleMs, mono)
  const closeRest = async (): Promise<void> => {
    setUp.close()
    cycles.stop()
    await recorder?.close()
    await field.close()
    await journal.close()
    access.close()
  }
  const doors = await orHalt(
    openDoors({
      ...{ plant, version: version(), inbox, board, access, journal, onAudit, setUp },
      onHistory: (fault) => {
        historyFault = fault
      },
    }),
  ).catch(async (fault: unknown) => {
    await closeRest()
    throw fault
  })
  process.stdout.write(readyText(plant, doors.urls, setUp.tokenFile()))
  const signal = await stopSignal()
  process.stdout.write(`bumpless: ${signal}, stopping\n`)
  await endSwitchovers(inbox, () => board.current()?.view.pairs ?? [])
  inbox.close()
  await doors.close()
  await closeRest()
  process.stdout.write('bumpless: stopped\n')
  return exitCode.ok
}

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

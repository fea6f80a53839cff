// `journal`: the newest records, and with `--follow` those to come. `journal verify`: checks the chain of the copies on disk,
// which needs no service and no session.

import { existsSync } from 'node:fs'
import { loadPlant } from '../config/load.ts'
import type { JournalRecord } from '../core/cycle.ts'
import { JournalError } from '../journal/disk.ts'
import { verifyJournal } from '../journal/verify.ts'
import type { Client } from './client.ts'
import { pause } from './feed.ts'
import { watchInterrupts } from './interrupts.ts'
import { type ExitCode, exitCode, Halt, isUnreachable, usageFault } from './outcome.ts'
import { clockText, wrap } from './table.ts'
import type { Terminal } from './terminal.ts'

export type JournalOptions = {
  readonly follow?: boolean
  readonly pair?: string
  readonly last?: string
  readonly json?: boolean
}

const pageMax = 1000
const followEveryMs = 1000

export async function journal(
  client: Client,
  terminal: Terminal,
  options: JournalOptions,
): Promise<ExitCode> {
  const last = Number(options.last ?? 100)
  if (!Number.isInteger(last) || last < 0 || last > pageMax)
    throw usageFault(`--last ${options.last}: expected a whole number, 0 to ${pageMax}`)
  const { records, seq } = await newest(client, last, options.pair)
  for (const record of records) print(terminal, record, options.json === true)
  if (options.follow) await followRecords(client, terminal, options, seq)
  return exitCode.ok
}

/** Folders, or the copies that the plant file names. Exit code 1 when anything is wrong with them. */
export async function journalVerify(
  terminal: Terminal,
  folders: readonly string[],
  options: { plant?: string; json?: boolean },
): Promise<ExitCode> {
  const copies = folders.length > 0 ? folders : copiesOf(options.plant ?? demoPlant())
  const report = await verifyJournal([...copies]).catch((fault: unknown) => {
    throw fault instanceof JournalError ? new Halt(fault.message) : fault
  })
  if (options.json) terminal.json(report)
  else {
    for (const { file, line, text } of report.problems) terminal.out(`${file}:${line} ${text}`)
    const head = report.head ? `, head ${report.head.seq} ${report.head.hash}` : ''
    const verdict = report.ok
      ? 'journal is sound'
      : `journal has ${report.problems.length} problems`
    terminal.out(`${verdict}: ${copies.join(', ')}: ${report.records} records${head}`)
  }
  return report.ok ? exitCode.ok : exitCode.failed
}

/** One record: time, number, who, pair, and its sentence. */
export function recordLines(record: JournalRecord, width: number): string[] {
  const pair = record.pair === undefined ? '' : ` ${record.pair}`
  const lead = `${clockText(record.wallMs)} ${String(record.seq).padStart(6)} `
  return wrap(`${record.kind}${pair}, ${record.actor}: ${record.text}`, width, lead)
}

function print(terminal: Terminal, record: JournalRecord, json: boolean): void {
  if (json) terminal.json(record)
  else for (const line of recordLines(record, terminal.width())) terminal.out(line)
}

/** The newest `last` records of the pair, found by going back page by page. */
async function newest(
  client: Client,
  last: number,
  pair: string | undefined,
): Promise<{ records: JournalRecord[]; seq: number }> {
  const of = pair === undefined ? {} : { pair }
  const { head } = await client.journal({ after: 0, limit: 1, ...of })
  let records: JournalRecord[] = []
  let end = head.seq
  while (end > 0 && records.length < last) {
    const after = Math.max(0, end - pageMax)
    const page = await client.journal({ after, limit: pageMax, ...of })
    records = [...page.records.filter((record) => record.seq <= end), ...records]
    end = after
  }
  return { records: last === 0 ? [] : records.slice(-last), seq: head.seq }
}

async function followRecords(
  client: Client,
  terminal: Terminal,
  options: JournalOptions,
  from: number,
): Promise<void> {
  using interrupts = watchInterrupts()
  const of = options.pair === undefined ? {} : { pair: options.pair }
  let after = from
  let isLost = false
  while (!interrupts.signal.aborted) {
    try {
      const { records } = await client.journal({ after, limit: pageMax, ...of })
      if (isLost) terminal.error('LIVE')
      isLost = false
      for (const record of records) print(terminal, record, options.json === true)
      after = records.at(-1)?.seq ?? after
    } catch (fault) {
      if (!isUnreachable(fault)) throw fault
      if (!isLost) terminal.error(`LOST  ${fault instanceof Error ? fault.message : ''}`)
      isLost = true
    }
    await pause(followEveryMs, interrupts.signal)
  }
}

/** The plant of the demo that was started here; before its first start, the one that is shipped. */
const demoPlant = (): string =>
  existsSync('data/demo/plant.yaml') ? 'data/demo/plant.yaml' : 'config/plant.demo.yaml'

function copiesOf(plantFile: string): readonly string[] {
  const loaded = loadPlant(plantFile)
  if (loaded.ok) return loaded.plant.journalCopies
  throw usageFault(
    `the journal's folders are not known: ${plantFile} is not in order ('bumpless check ${plantFile}' says why)`,
  )
}

// `replay`: plays a recording and compares every decision with the recorded one. With `--plant` a backtest: what other settings would
// have decided on the same inputs. Needs no service, and changes nothing.

import { loadPlant } from '../config/load.ts'
import { faultText } from '../config/source.ts'
import type { JournalRecord } from '../core/cycle.ts'
import type { Plant } from '../core/plant.ts'
import type { View } from '../core/view.ts'
import { type Backtest, backtest, type Contrast } from '../recorder/backtest.ts'
import { toText } from '../recorder/exact.ts'
import { type Opening, RecordingError } from '../recorder/reading.ts'
import { type Difference, type Found, type Range, replay } from '../recorder/replay.ts'
import { type ExitCode, exitCode, Halt, usageFault } from './outcome.ts'
import { clockText, cut, durationText } from './table.ts'
import type { Terminal } from './terminal.ts'

export type ReplayOptions = {
  readonly from?: string
  readonly to?: string
  readonly plant?: string
  readonly json?: boolean
}

const progressEveryMs = 200
const valueWidthMax = 300

/** A segment file or a folder of them. Exit code 1 at the first difference; a backtest ends with 0. */
export async function replayCommand(
  terminal: Terminal,
  path: string,
  options: ReplayOptions,
): Promise<ExitCode> {
  const range = {
    ...(options.from !== undefined && { fromMs: timeOf('--from', options.from) }),
    ...(options.to !== undefined && { toMs: timeOf('--to', options.to) }),
  }
  const json = options.json === true
  try {
    if (options.plant === undefined) return await playBack(terminal, path, range, json)
    const tried = await backtest(path, plantOf(options.plant), range)
    if (tried.cycles === 0 && tried.broken === undefined) {
      throw new RecordingError(nothingIn(path))
    }
    return printBacktest(terminal, tried, options.plant, json)
  } catch (fault) {
    throw fault instanceof RecordingError ? new Halt(fault.message) : fault
  }
}

async function playBack(
  terminal: Terminal,
  path: string,
  range: Range,
  json: boolean,
): Promise<ExitCode> {
  const progress = progressOn(terminal)
  let cycles = 0
  let gaps = 0
  let ended = false
  for await (const found of replay(path, range)) {
    if (found.kind !== 'cycle' || found.output.records.length > 0) progress.clear()
    if (found.kind === 'difference') {
      printDifference(terminal, found.difference, cycles, json)
      return exitCode.failed
    }
    if (found.kind === 'gap') gaps += 1
    if (found.kind === 'died') ended = true
    if (found.kind === 'cycle' && found.asked) cycles += 1
    print(terminal, found, json)
    if (found.kind === 'cycle') progress.show(found.input.wallMs, cycles)
  }
  progress.clear()
  if (cycles === 0 && !ended) throw new RecordingError(nothingIn(path))
  if (json) terminal.json({ cycles, gaps, identical: true })
  else terminal.out(`${cycles} cycles, identical${gaps === 0 ? '' : `; ${gaps} gaps`}`)
  return exitCode.ok
}

const nothingIn = (path: string): string => `${path}: no cycle of that time is in this recording`

function print(terminal: Terminal, found: Found, json: boolean): void {
  if (found.kind === 'run') {
    if (json) terminal.json({ run: found.opening.head.run, file: found.opening.file })
    else terminal.out(runText(found.opening))
  } else if (found.kind === 'gap') {
    if (json) terminal.json({ gap: found.text })
    else terminal.out(`-- ${found.text}`)
  } else if (found.kind === 'died') {
    const { input, text } = found
    if (json) terminal.json({ cycle: input.cycle, died: text })
    else
      terminal.out(
        `-- cycle ${input.cycle} (${clockText(input.wallMs)}) ended the supervisor: ${text}`,
      )
  } else if (found.kind === 'cycle' && found.asked) {
    const { output, input } = found
    for (const record of output.records) {
      const sentence = sentenceOf(output.view, record.pair)
      if (json) terminal.json({ cycle: input.cycle, sentence, record })
      else terminal.out(recordText(record, sentence))
    }
  }
}

const runText = ({ head, state }: Opening): string =>
  `== ${head.plant.site}: supervisor ${head.run.split('-')[0]?.toUpperCase()}, version ${head.version}, ` +
  `started ${clockText(state.startedWallMs)}; from cycle ${head.cycle}`

function recordText(record: JournalRecord, sentence: string | undefined): string {
  const { wallMs, cycle, seq, kind, pair, actor, text } = record
  const lead = `${clockText(wallMs)} cycle ${cycle} record ${seq}`
  const told = `${kind}${pair === undefined ? '' : ` ${pair}`}, ${actor}: ${text}`
  return `${lead} ${told}${sentence === undefined ? '' : ` [${sentence}]`}`
}

const sentenceOf = ({ pairs }: View, name: string | undefined): string | undefined =>
  pairs.find((pair) => pair.name === name)?.sentence

function printDifference(
  terminal: Terminal,
  difference: Difference,
  cycles: number,
  json: boolean,
): void {
  const { cycle, wallMs, of, run, places } = difference
  if (json) {
    const exact = places.map(({ place, recorded, replayed }) => ({
      place,
      recorded: toText(recorded),
      replayed: toText(replayed),
    }))
    terminal.json({
      cycles,
      identical: false,
      difference: { run, cycle, wallMs, of, places: exact },
    })
    return
  }
  const what = of === 'output' ? 'decides otherwise' : 'begins with another state'
  terminal.out(`${cycles} cycles identical; cycle ${cycle} (${clockText(wallMs)}) ${what}:`)
  for (const { place, recorded, replayed } of places) {
    terminal.out(`  ${place}`)
    terminal.out(`    recorded: ${cut(toText(recorded), valueWidthMax)}`)
    terminal.out(`    replayed: ${cut(toText(replayed), valueWidthMax)}`)
  }
}

function printBacktest(
  terminal: Terminal,
  tried: Backtest,
  plantFile: string,
  json: boolean,
): ExitCode {
  const { cycles, contrasts, parted, broken } = tried
  if (broken !== undefined) {
    throw new Halt(
      `cycle ${broken.cycle} (${clockText(broken.wallMs)}) does not replay with its own settings, so a backtest ` +
        'says nothing; run it without --plant to see the difference',
    )
  }
  if (json) {
    for (const contrast of contrasts) terminal.json(contrast)
    terminal.json({ cycles, parted: Object.fromEntries(parted) })
    return exitCode.ok
  }
  for (const contrast of contrasts) terminal.out(contrastText(contrast, plantFile))
  for (const [pair, wallMs] of parted) {
    terminal.out(
      `${clockText(wallMs)} ${pair}: the commands differ; the plant would have gone another way, ` +
        'and nothing of this pair is compared from here on',
    )
  }
  const count = (only: Contrast['only']): number =>
    contrasts.filter((one) => one.only === only).length
  terminal.out(
    `${cycles} cycles; ${count('recorded')} only recorded, ${count('other')} only with ${plantFile}, ` +
      `${count('both')} at another time`,
  )
  return exitCode.ok
}

function contrastText({ wallMs, only, record, laterMs = 0 }: Contrast, plantFile: string): string {
  const { kind, pair, text } = record
  const told = `${kind}${pair === undefined ? '' : ` ${pair}`}: ${text}`
  const shift = `${durationText(Math.abs(laterMs))} ${laterMs < 0 ? 'earlier' : 'later'}`
  const where = {
    recorded: 'only recorded',
    other: `only with ${plantFile}`,
    both: `${shift} with ${plantFile}`,
  }
  return `${clockText(wallMs)} ${where[only]}: ${told}`
}

function plantOf(file: string): Plant {
  const loaded = loadPlant(file)
  if (loaded.ok) return loaded.plant
  throw usageFault(loaded.faults.map(faultText).join('\n'))
}

function timeOf(option: string, text: string): number {
  const atMs = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text) ? new Date(text).getTime() : Number.NaN
  if (Number.isFinite(atMs)) return atMs
  throw usageFault(`${option} ${text}: expected a time such as "2026-11-22 14:05:10"`)
}

/** One line that is rewritten, on a terminal only. */
function progressOn(terminal: Terminal): {
  show(wallMs: number, cycles: number): void
  clear(): void
} {
  let shownMs = Number.NEGATIVE_INFINITY
  let isShown = false
  return {
    show(wallMs, cycles) {
      if (!terminal.isScreen || performance.now() - shownMs < progressEveryMs) return
      shownMs = performance.now()
      isShown = true
      terminal.control(`\r\x1b[K${clockText(wallMs)} ${cycles} cycles`)
    },
    clear() {
      if (isShown) terminal.control('\r\x1b[K')
      isShown = false
    },
  }
}

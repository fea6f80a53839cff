// What the recorder costs: CPU of the whole process for each cycle of the demo plant, with and without it, and what it writes. Played
// in virtual time, so that a minute of measuring covers an hour. `npx node test/bench/recorder.ts`.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { segmentsIn } from '../../src/recorder/segment-file.ts'
import { newRig, run } from '../core/rig.ts'
import { breathe, recordRig } from '../recorder/recorded.ts'

const minutes = Number(process.env.MINUTES ?? 20)
/** The first minutes are not counted: the program is being compiled. */
const warmMinutes = 2

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function measure(folder?: string): Promise<{ cpuMsPerCycle: number; inCycleMs: number }> {
  const rig = newRig()
  const recorded = folder === undefined ? undefined : recordRig(rig, folder)
  let inCycleMs = 0
  const take = rig.watch
  if (take !== undefined) {
    rig.watch = (...cycle) => {
      const sinceMs = performance.now()
      take(...cycle)
      inCycleMs += performance.now() - sinceMs
    }
  }
  let beganMs = 0
  for (let minute = 0; minute < minutes + warmMinutes; minute += 1) {
    if (minute === warmMinutes) {
      beganMs = cpuMs()
      inCycleMs = 0
    }
    for (let second = 0; second < 60; second += 1) {
      run(rig, 1000)
      rig.seen.length = 0
      // Ten cycles are written before the next ten, as they are when a cycle takes its 100 ms.
      await breathe()
    }
  }
  const cycles = minutes * 600
  const cpuMsPerCycle = (cpuMs() - beganMs) / cycles
  await recorded?.recorder.close()
  return { cpuMsPerCycle, inCycleMs: inCycleMs / cycles }
}

const folder = await mkdtemp(join(tmpdir(), 'bench-recorder-'))
try {
  const without = await measure()
  const withIt = await measure(folder)
  const segments = await segmentsIn(folder)
  const bytes = segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const mbPerDay = (bytes / (minutes + warmMinutes) / 1e6) * 60 * 24
  const costMs = withIt.cpuMsPerCycle - without.cpuMsPerCycle
  const line = (name: string, value: number, unit: string) =>
    process.stdout.write(`${name.padEnd(34)}${value.toFixed(3).padStart(9)} ${unit}\n`)
  line('cycle and practice plant, CPU', without.cpuMsPerCycle, 'ms')
  line('recorder, CPU', costMs, 'ms per cycle')
  line('of it inside the cycle', withIt.inCycleMs, 'ms')
  line('recording', mbPerDay, 'MB per day')
} finally {
  await rm(folder, { recursive: true, force: true })
}

// What one sample of one tag costs: the comparison alone, and the whole stage with reading the scan and making the view.

import type { Answered } from '../../src/core/image.ts'
import { compareSample } from '../../src/core/sync/compare.ts'
import { judgeSync } from '../../src/core/sync/judge-sync.ts'
import { sampleOf } from '../../src/core/sync/samples.ts'
import { newSyncMemory } from '../../src/core/sync/sync-memory.ts'
import { bracketOf } from '../../src/core/sync/twin.ts'
import { samplePair } from '../core/sync/sample-pair.ts'
import type { Cost } from './sync-report.ts'

const tags = 100

/** Best of several rounds: the machine is shared. */
export function measureCost(rounds: number): Cost {
  const costs = Array.from({ length: rounds }, costOnce)
  return {
    compareNs: Math.min(...costs.map((one) => one.compareNs)),
    wholeNs: Math.min(...costs.map((one) => one.wholeNs)),
  }
}

function costOnce(): Cost {
  const samples = 3000
  const plain = samplePair('analog', tags, 1000)
  const classes = ['analog', 'setpoint', 'discrete', 'counter', 'integrator'] as const
  const pair = {
    ...plain,
    tags: plain.tags.map((tag, index) => ({ ...tag, class: classes[index % 5] ?? 'analog' })),
  }
  let memory = newSyncMemory(pair, 0)
  const scans = Array.from({ length: samples }, (_, index) => scanOf(index))
  const startUs = busyUs()
  for (const scan of scans) {
    const images = { A: { scans: [scan] }, B: { scans: [scan] } }
    memory = judgeSync(memory, pair, images, 'A', scan.receivedMs).memory
  }
  const wholeUs = busyUs() - startUs
  const read = scans.map((scan) => sampleOf(scan, memory.rules))
  const compareUs = busyUs()
  for (let at = 2; at < read.length; at++) {
    const follow = read[at - 1]
    if (follow === undefined) continue
    const bracket = bracketOf(read.slice(at - 2, at + 1), follow, memory.settings, 'A')
    if (typeof bracket !== 'string') memory = compareSample(memory, follow, bracket, at)
  }
  const perSample = 1000 / (samples * tags)
  return {
    compareNs: (busyUs() - compareUs) * perSample,
    wholeNs: wholeUs * perSample,
  }
}

/** Time on a processor: what others do on this machine does not count. */
function busyUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function scanOf(index: number): Answered {
  const values: Record<string, number> = {}
  for (let tag = 1; tag <= tags; tag++) {
    values[`tag:TAG.${tag}`] =
      tag % 5 === 1 ? Math.round(1000 * Math.sin((index + tag) / 50)) : tag % 5 === 4 ? index : 7
  }
  const sentMs = 1000 * index
  return { kind: 'answered', sentMs, receivedMs: sentMs + 3, path: 'lan', sample: true, values }
}

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type SelfOptions, selfOf } from '../../src/cli/self.ts'
import type { Image } from '../../src/core/image.ts'
import { openCycleTimes } from '../../src/serve/cycle-times.ts'
import { loadText, soundText } from '../config/plant-text.ts'
import { temporaryFolder } from './fixture.ts'

describe('what the service says of itself', () => {
  let made: Awaited<ReturnType<typeof temporaryFolder>>
  let options: SelfOptions
  let image: Image = {}
  before(async () => {
    made = await temporaryFolder()
    const plantFile = join(made.folder, 'plant.yaml')
    writeFileSync(plantFile, soundText)
    const { result } = await loadText(soundText)
    assert(result.ok)
    options = {
      ...{ plant: { ...result.plant, journalCopies: [made.folder, '/nowhere'] }, plantFile },
      ...{ startedWallMs: 5, times: openCycleTimes(), image: () => image, nowMs: () => 1_000 },
      journal: { state: () => ({ durable: 3 }), head: () => ({ seq: 4 }) },
      recordingFault: () => 'no space left on device',
    }
  })
  after(() => made.remove())

  it('has the room on the disk of every copy, what is not recorded, and whether the plant file was changed', async () => {
    const self = selfOf(options)
    const facts = async () => (await self.facts()) as Record<string, Record<string, unknown>>
    const { journal, recorder, plantFile } = await facts()
    const copies = journal?.copies as { folder: string; freeBytes?: number }[]
    assert.deepEqual(
      copies.map(({ folder }) => folder),
      [made.folder, '/nowhere'],
    )
    assert(Number(copies[0]?.freeBytes) > 0)
    assert.equal(copies[1]?.freeBytes, undefined)
    assert.equal(recorder?.fault, 'no space left on device')
    assert.equal(plantFile?.changedOnDisk, false)
    writeFileSync(options.plantFile, `${soundText}# a word\n`)
    assert.equal((await facts()).plantFile?.changedOnDisk, true)
  })

  it('has of a device every signal with its value or why there is none, its age and its place', () => {
    const self = selfOf(options)
    assert.equal(self.device('nowhere.A'), undefined)
    image = {
      'intake.A': {
        newest: {
          ...{ kind: 'answered', sentMs: 890, receivedMs: 900, path: 'path-1', sample: true },
          values: { 'tag:LEVEL': 42.5, 'tag:PUMP': { unknown: 'exception 2' } },
        },
        scans: [
          {
            ...{ kind: 'failed', sentMs: 910, receivedMs: 950, path: 'path-1' },
            ...{ fault: 'timeout', detail: 'no answer' },
          },
        ],
      },
    }
    const device = self.device('intake.A') as {
      ageMs: number
      tookMs: number
      lastFault: object
      signals: { name: string; value?: unknown; raw?: number; unknown?: string; at: object[] }[]
    }
    assert.deepEqual([device.ageMs, device.tookMs], [100, 10])
    assert.deepEqual(device.lastFault, { fault: 'timeout', detail: 'no answer', path: 'path-1' })
    const named = (name: string) => device.signals.find((one) => one.name === name)
    assert.deepEqual([named('tag:LEVEL')?.value, named('tag:LEVEL')?.raw], [42.5, 42.5])
    assert.equal(named('tag:PUMP')?.unknown, 'exception 2')
    assert.equal(named('tag:MODE')?.unknown, 'not read')
    assert.match(JSON.stringify(named('tag:LEVEL')?.at), /"area":"hr","address":100/)
  })
})

// What the units keep when the practice plant itself is stopped and started again.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPlant } from '../../plc-sim/plant.ts'
import { newRetained, seal } from '../../plc-sim/retained.ts'

describe('A practice plant that keeps its retained memory in a file', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'retained-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('goes on with the epochs that its units had, and counts the start', async () => {
    const retainedFile = join(folder, 'retained.json')
    const kept = { ...newRetained(), epoch: 7, owner: 0x4d2a, accepted: 2, boot: 3 }
    seal(kept)
    await writeFile(retainedFile, JSON.stringify({ 'intake.A': kept }))
    for (const boot of [4, 5]) {
      const plant = await startPlant({ clock: 'hand', retainedFile })
      const { A, B } = plant.state().pairs.intake?.units ?? {}
      await plant.close()
      assert.deepEqual([A?.epoch, A?.owner, A?.accepted, A?.boot], [7, 0x4d2a, 2, boot])
      assert.equal(A?.locked, false)
      assert.equal(B?.epoch, 0)
    }
  })

  it('begins like one from the factory when there is no file yet', async () => {
    const plant = await startPlant({ clock: 'hand', retainedFile: join(folder, 'new.json') })
    assert.equal(plant.state().pairs.intake?.units.A.boot, 1)
    await plant.close()
  })

  it('refuses a file that holds something else, in one line', async () => {
    const retainedFile = join(folder, 'other.json')
    await writeFile(retainedFile, '{"intake.A": 5}')
    await assert.rejects(startPlant({ clock: 'hand', retainedFile }), /does not hold retained data/)
  })
})

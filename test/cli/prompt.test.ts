// The terminal on a desk that waits for proposals.

import assert from 'node:assert/strict'
import { bumpless, logInAs, sitDown } from './command.ts'
import { type PracticeService, startPracticeService } from './practice-service.ts'

const ctrlC = '\u0003'

describe('bumpless prompt --listen', () => {
  let service: PracticeService
  beforeEach(async () => {
    service = await startPracticeService()
    await logInAs(service)
  })
  afterEach(() => service.stop())

  const sit = () => sitDown(service.environment, ['prompt', '--listen'])
  const kinds = (): string[] => service.orders.map((order) => order.kind)

  it('rings, shows the evidence, and confirms with the keyboard alone', async () => {
    const sitting = sit()
    await sitting.see('LIVE')
    service.propose('filters', 'S-3')
    await sitting.see('S-3 planned switchover of filters')
    assert.ok(sitting.raw().includes('\u0007'))
    await sitting.see('keep A:')
    sitting.type('filters\r')
    await sitting.see('[keep]:')
    sitting.type('switch\r')
    await sitting.see('S-3 done: B is primary, A is standby.')
    await sitting.see('waiting for proposals; 0 more to answer')
    sitting.type(ctrlC)
    assert.equal(await sitting.end(), 0)
  })

  it('asks for several proposals one after the other and never shows one that was answered meanwhile', async () => {
    const sitting = sit()
    await sitting.see('LIVE')
    service.propose('intake', 'S-3')
    await sitting.see('S-3 planned switchover of intake')
    await sitting.see('keep A:')
    service.propose('filters', 'S-4')
    sitting.type('\r')
    await sitting.see('S-3 is rejected; nothing was changed.')
    await sitting.see('S-4 planned switchover of filters')
    await sitting.see('keep A:')
    service.propose('intake', 'S-5')
    service.end('intake', 'refused', 'kept at desk 2', 'bert')
    service.end('filters', 'expired', 'nobody answered in time.')
    await sitting.see('S-4 expired: nobody answered in time.')
    await sitting.see('waiting for proposals; 0 more to answer')
    sitting.type(ctrlC)
    assert.equal(await sitting.end(), 0)
    assert.doesNotMatch(sitting.screen(), /S-5/)
  })

  it('takes its question back when another terminal confirms, and says who', async () => {
    const sitting = sit()
    await sitting.see('LIVE')
    service.propose('intake', 'S-3')
    await sitting.see('keep A:')
    await logInAs(service, 'bert')
    const hash = service.view().pairs[0]?.switchover?.evidence?.hash ?? ''
    const words = [
      'confirm',
      'S-3',
      '--yes',
      '--evidence',
      hash,
      '--reason',
      'x',
      '--pair',
      'intake',
    ]
    assert.equal((await bumpless(service.environment, words)).code, 0)
    await sitting.see('The question is withdrawn: S-3 was confirmed elsewhere by bert')
    await sitting.see('S-3 done')
    sitting.type(ctrlC)
    assert.equal(await sitting.end(), 0)
  })

  it('shows new evidence with what changed, and asks anew', async () => {
    const sitting = sit()
    await sitting.see('LIVE')
    service.propose('intake', 'S-3')
    await sitting.see('keep A:')
    service.changeEvidence('intake', { hash: 'ab'.repeat(16), epoch: 19 })
    await sitting.see('THE EVIDENCE HAS CHANGED')
    await sitting.see('epoch: was 18, is 19')
    await sitting.see('keep A:')
    sitting.type(ctrlC)
    await sitting.see('S-3 was not answered here and stays open.')
    assert.equal(await sitting.end(), 0)
    assert.deepEqual(kinds(), [])
  })

  it('leaves nothing behind on Ctrl-C while it waits, and refuses without a terminal', async () => {
    const sitting = sit()
    await sitting.see('LIVE')
    sitting.type(ctrlC)
    assert.equal(await sitting.end(), 0)
    const { code, error } = await bumpless(service.environment, ['prompt', '--listen'])
    assert.equal(code, 2)
    assert.match(error, /this is not a terminal/)
  })
})

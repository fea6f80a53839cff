// A switchover at a terminal, with the keyboard alone.

import assert from 'node:assert/strict'
import { bumpless, logInAs, sitDown } from './command.ts'
import { type PracticeService, password, startPracticeService } from './practice-service.ts'
import { sampleObstacle } from './sample-plant.ts'

const ctrlC = '\u0003'
const escapeKey = '\u001b'

describe('bumpless switchover', () => {
  let service: PracticeService
  beforeEach(async () => {
    service = await startPracticeService()
    await logInAs(service)
  })
  afterEach(() => service.stop())

  const sit = (...words: string[]) =>
    sitDown(service.environment, ['switchover', 'intake', '--to', 'B', ...words])
  const kinds = (): string[] => service.orders.map((order) => order.kind)
  const confirmation = () => {
    const order = service.orders.find((one) => one.kind === 'confirm')
    assert.ok(order?.kind === 'confirm')
    return order
  }

  it('shows the table, the evidence, asks for the name and the verb, and follows the steps to the end', async () => {
    const sitting = sit('--reason', 'pump seal')
    await sitting.see('PAIR')
    const shown = await sitting.see('Type the pair name; Enter alone means keep A:')
    assert.match(shown, /S-1 planned switchover of intake, expires in 58 s\nasked for by anna/)
    assert.match(shown, /WHAT HAPPENS/)
    sitting.type('intake\r')
    await sitting.see('Make B the primary of intake? (A becomes standby)')
    await sitting.see('Answer switch, extend or keep [keep]:')
    sitting.type('switch\r')
    await sitting.see('A gives up control')
    await sitting.see('S-1 done: B is primary, A is standby.')
    assert.equal(await sitting.end(), 0)
    assert.equal(confirmation().typedName, 'intake')
    assert.ok(sitting.widest() <= 80, `a line of ${sitting.widest()} characters`)
  })

  it('keeps when the answer is only Enter', async () => {
    const sitting = sit()
    await sitting.see('keep A:')
    sitting.type('intake\r')
    await sitting.see('[keep]:')
    sitting.type('\r')
    await sitting.see('S-1 is rejected; nothing was changed.')
    assert.equal(await sitting.end(), 4)
    assert.deepEqual(kinds(), ['prepare', 'reject'])
  })

  it('does not take a wrong pair name or another word for an answer', async () => {
    const sitting = sit()
    await sitting.see('keep A:')
    sitting.type('filters\r')
    await sitting.see('This is not its name. The pair is named intake.')
    await sitting.see('keep A:')
    sitting.type('intake\r')
    await sitting.see('[keep]:')
    sitting.type('yes\r')
    await sitting.see('"yes" is no answer here')
    await sitting.see('[keep]:')
    sitting.type('keep\r')
    assert.equal(await sitting.end(), 4)
    assert.deepEqual(kinds(), ['prepare', 'reject'])
  })

  for (const [name, keys] of [
    ['Ctrl-C', ctrlC],
    ['Esc', escapeKey],
  ] as const)
    it(`rejects the proposal on ${name} before the confirmation`, async () => {
      const sitting = sit()
      await sitting.see('keep A:')
      sitting.type(keys)
      await sitting.see('S-1 is rejected; nothing was changed.')
      assert.equal(await sitting.end(), 4)
      assert.deepEqual(kinds(), ['prepare', 'reject'])
    })

  it('rejects the proposal when the terminal is lost', async () => {
    const sitting = sit()
    await sitting.see('keep A:')
    sitting.hangUp()
    await sitting.end()
    await until(() => kinds().includes('reject'))
    assert.deepEqual(kinds(), ['prepare', 'reject'])
  })

  it('says on Ctrl-C after the confirmation that the switchover goes on', async () => {
    const sitting = sit()
    await sitting.see('keep A:')
    sitting.type('intake\r')
    await sitting.see('[keep]:')
    sitting.type('switch\r')
    await sitting.see('A gives up control')
    sitting.type(ctrlC)
    await sitting.see('S-1 is under way in the service and goes on; no step was called back.')
    assert.equal(await sitting.end(), 1)
    assert.deepEqual(kinds(), ['prepare', 'confirm'])
  })

  it('shows what changed in the evidence and asks anew, and the answer names the new evidence', async () => {
    const sitting = sit()
    await sitting.see('keep A:')
    sitting.type('intake\r')
    await sitting.see('[keep]:')
    const hash = 'ffff0000ffff0000ffff0000ffff0000'
    service.changeEvidence('intake', { hash, alarms: ['ups-2 on battery'] })
    await sitting.see('THE EVIDENCE HAS CHANGED; what was answered so far is void:')
    await sitting.see('alarms: was none, is ups-2 on battery')
    await sitting.see(`evidence ${hash}`)
    await sitting.see('keep A:')
    sitting.type('intake\r')
    await sitting.see('[keep]:')
    sitting.type('switch\r')
    assert.equal(await sitting.end(), 0)
    assert.equal(confirmation().evidenceHash, hash)
  })

  it('shows the difference when the service refuses an answer to old evidence', async () => {
    const sitting = sit()
    await sitting.see('keep A:')
    sitting.type('intake\r')
    await sitting.see('[keep]:')
    const evidence = service.view().pairs[0]?.switchover?.evidence
    assert.ok(evidence)
    const fresh = { ...evidence, hash: 'eeee1111eeee1111eeee1111eeee1111' }
    const difference = ['coverage: was yes, is no (71 %)']
    service.answerNext = {
      code: 'evidence-changed',
      text: 'The evidence has changed.',
      difference,
      evidence: fresh,
    }
    sitting.type('switch\r')
    await sitting.see('The evidence has changed.')
    await sitting.see('coverage: was yes, is no (71 %)')
    await sitting.see(`evidence ${fresh.hash}`)
    await sitting.see('keep A:')
    sitting.type(ctrlC)
    assert.equal(await sitting.end(), 4)
  })

  it('takes the question back when it was rejected elsewhere, and says by whom', async () => {
    const sitting = sit()
    await sitting.see('keep A:')
    service.end('intake', 'refused', 'kept at desk 2', 'bert (http 77aa)')
    await sitting.see('The question is withdrawn: S-1 is no longer open.')
    await sitting.see('S-1 refused: kept at desk 2 (bert (http 77aa))')
    assert.equal(await sitting.end(), 4)
  })

  it('takes the question back when it expires or is revoked, and says why', async () => {
    const sitting = sit()
    await sitting.see('keep A:')
    service.end('intake', 'revoked', 'B no longer answers.')
    await sitting.see('S-1 revoked: B no longer answers.')
    assert.equal(await sitting.end(), 4)
  })

  it('gives more time without asking for the name again', async () => {
    const sitting = sit()
    await sitting.see('keep A:')
    sitting.type('intake\r')
    await sitting.see('[keep]:')
    sitting.type('extend\r')
    await sitting.see('60 s more.')
    const since = await sitting.see('[keep]:')
    assert.doesNotMatch(since, /Type the pair name/)
    sitting.type('switch\r')
    assert.equal(await sitting.end(), 0)
  })

  it('asks for reason, password and second person as the policy says, and echoes no password', async () => {
    service.needs = { reason: true, typedName: false, reauthentication: true, secondPerson: true }
    const sitting = sit()
    await sitting.see('Reason')
    sitting.type('replace PSU\r')
    await sitting.see('Your password again')
    sitting.type(`${password}\r`)
    await sitting.see('Second person, user name')
    sitting.type('bert\r')
    await sitting.see('Password of bert:')
    sitting.type(`${password}\r`)
    await sitting.see('[keep]:')
    sitting.type('switch\r')
    assert.equal(await sitting.end(), 0)
    assert.doesNotMatch(sitting.screen(), /lantern/)
    const { approver, reauthenticated, reason } = confirmation()
    assert.deepEqual([approver?.name, reauthenticated, reason], ['bert', true, 'replace PSU'])
  })

  it('asks again after a wrong password and never confirms with it', async () => {
    service.needs = { typedName: false, reauthentication: true }
    const sitting = sit()
    await sitting.see('Your password again')
    sitting.type('wrong wrong wrong\r')
    await sitting.see('[keep]:')
    sitting.type('switch\r')
    await sitting.see('Your password again')
    sitting.type('\r')
    assert.equal(await sitting.end(), 4)
    assert.deepEqual(kinds(), ['prepare', 'reject'])
  })

  it('lists every obstacle with value, threshold, age and what clears it, and exits with 3', async () => {
    service.obstacles = [sampleObstacle, { ...sampleObstacle, title: 'minimum interval' }]
    const sitting = sit()
    await sitting.see('intake is not ready to switch to B.')
    await sitting.see('! in sync for the dwell time')
    await sitting.see('found 2 s in sync, 0.1 s old; needs at least 5 s')
    await sitting.see('clears when A and B stay in sync for 3 s more (hard)')
    await sitting.see('! minimum interval')
    assert.equal(await sitting.end(), 3)
  })

  it('exits with 1 when the switchover stopped and with 5 when nobody is active', async () => {
    service.outcome = 'stopped'
    for (const [pairState, code] of [
      ['normal', 1],
      ['none primary', 5],
    ] as const) {
      const sitting = sit()
      await sitting.see('keep A:')
      sitting.type('intake\r')
      await sitting.see('[keep]:')
      service.change('intake', { pairState })
      sitting.type('switch\r')
      await sitting.see('S-1 stopped: B did not take control.')
      assert.equal(await sitting.end(), code)
      service.change('intake', { lastEnded: [] })
    }
  })

  it('orders nothing without a terminal, exits with 2 and says what would work', async () => {
    const { code, error } = await bumpless(service.environment, [
      'switchover',
      'intake',
      '--to',
      'B',
    ])
    assert.equal(code, 2)
    assert.match(error, /not a terminal.*nothing was ordered.*--yes --proposal ID --evidence HASH/)
    assert.deepEqual(kinds(), [])
  })
})

async function until(test: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000
  while (!test()) {
    if (performance.now() > deadline) throw new Error('waited in vain')
    await new Promise((done) => setTimeout(done, 20))
  }
}

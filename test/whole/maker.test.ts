// A pair without our block, switched by its maker's command over real Modbus: judged by what the practice plant counted and
// latched, never by the supervisor's opinion.

import assert from 'node:assert/strict'
import { confirm, propose, untilEnded, untilProposed, untilReady } from './persons.ts'
import { assertNeverBothActive, password, type Rig, startRig } from './rig.ts'

const pair = 'boiler'

describe("A pair that is switched by its maker's command", function () {
  this.timeout(90_000)
  let rig: Rig
  before(async () => {
    rig = await startRig({
      practicePlant: { maker: true },
      shipped: 'config/plant.maker.yaml',
      pairs: [pair],
    })
  })
  after(() => rig.stop())
  afterEach(() => assertNeverBothActive(rig))

  const counts = () => {
    const { A, B } = rig.real(pair).units
    return { A: A.maker, B: B.maker }
  }
  const approver = { user: 'bert', password }
  /** Two persons confirm, as often as what is shown changes before the answer arrives. */
  const confirmed = async (to: 'A' | 'B'): Promise<string> => {
    let shown = await propose(rig, to, pair)
    for (let tries = 0; tries < 10; tries += 1) {
      const answer = await confirm(rig, shown, { more: { approver } })
      if (answer.status === 200) return shown.id
      assert.equal(answer.code, 'evidence-changed', JSON.stringify(answer))
      assert.ok(answer.evidence)
      shown = { ...shown, evidence: answer.evidence }
    }
    return assert.fail('the evidence changed ten times')
  }

  it('takes two persons, one write and no more: the process does not feel it', async () => {
    await untilReady(rig, pair)
    await rig.plant.action({ target: pair, action: 'reset_latches' })
    const proposal = await propose(rig, 'B', pair)
    assert.equal(rig.truth().writeFrames, 0, 'nothing is claimed')
    assert.match(proposal.evidence.risks[0] ?? '', /duplicate or a second commander cannot be excl/)
    const alone = await confirm(rig, proposal)
    assert.equal(alone.status, 403, JSON.stringify(alone))
    const answer = await confirm(rig, proposal, { more: { approver } })
    assert.equal(answer.status, 200, JSON.stringify(answer))
    const ended = await untilEnded(rig, proposal.id, pair)
    assert.equal(ended.outcome, 'done', ended.text)
    assert.equal(rig.active(pair), 'B')
    assert.deepEqual(counts(), { A: { written: 0, executed: 0 }, B: { written: 1, executed: 1 } })
    assert.equal(rig.truth().writeFrames, 1)
    const { noneActive, process } = rig.real(pair)
    assert.equal(noneActive.scans, 0)
    assert.ok(process.maxValveStep < 1, `the valve jumped ${process.maxValveStep} %`)
  })

  it('is left alone after a command that shows no effect, over a restart too, until a person has looked', async () => {
    await rig.fault('boiler.A', 'maker_ignores')
    const id = await confirmed('A')
    const ended = await untilEnded(rig, id, pair)
    assert.equal(ended.outcome, 'stopped', ended.text)
    assert.match(ended.text, /shows no effect within 3 s: A is standby, B is primary/)
    assert.deepEqual(counts().A, { written: 1, executed: 0 })
    await rig.kill9()
    await rig.restart()
    await rig.untilPair('the unknown outcome', (view) => view.unknownOutcome !== undefined, pair)
    const early = await rig.order(
      `pairs/${pair}/resolve`,
      { way: 'adopt', reason: 'go on' },
      'sven',
    )
    assert.equal(early.status, 422, JSON.stringify(early))
    const attest = 'both units looked at: no order stands'
    const order = { way: 'adopt', reason: 'looked', attest }
    const answer = await rig.order(`pairs/${pair}/resolve`, order, 'sven')
    assert.equal(answer.status, 200, JSON.stringify(answer))
    const proposal = await untilProposed(rig, pair)
    const adopted = await confirm(rig, proposal, { user: 'sven', more: { approver } })
    assert.equal(adopted.status, 200, JSON.stringify(adopted))
    assert.equal((await untilEnded(rig, proposal.id, pair)).outcome, 'done')
    assert.equal(rig.active(pair), 'B')
    assert.deepEqual(counts().A, { written: 1, executed: 0 }, 'it was never sent again')
    assert.equal(rig.truth().writeFrames, 2)
  })

  it('stops when the unit refuses the command, and never sends it again', async () => {
    await rig.plant.clearFault()
    await rig.fault('boiler.A', 'maker_refuses')
    const ended = await untilEnded(rig, await confirmed('A'), pair)
    assert.equal(ended.outcome, 'stopped', ended.text)
    assert.match(ended.text, /exception 2/)
    assert.equal(rig.active(pair), 'B')
    assert.equal(rig.truth().writeFrames, 3)
  })
})

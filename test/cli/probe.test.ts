// `probe` against real units of a practice plant: what stands in a device, before any supervisor looks at it.

import assert from 'node:assert/strict'
import { type Plant, startPlant } from '../../plc-sim/plant.ts'
import { bumpless } from './command.ts'

const environment = { PATH: process.env.PATH, LANG: 'C.UTF-8' }
const run = (...words: string[]) => bumpless(environment, ['probe', ...words])

describe('probe', function () {
  this.timeout(30_000)
  let plant: Plant
  const at = (device: string): string => `tcp://127.0.0.1:${plant.ports[device]}`
  before(async () => {
    plant = await startPlant()
  })
  after(() => plant.close())

  it('shows every signal where it stands, raw and understood, and writes nothing', async () => {
    const { code, out } = await run(at('intake.A'), '--profile', 'bumpless-block')
    assert.equal(code, 0, out)
    assert.match(out, /^program +hr:1022 +7C3A 91E5 +2084213221$/m)
    assert.match(out, /^scan_time_ms +hr:1028 +03E8 +10$/m)
    assert.match(out, /^role primary, unit 11, heartbeat \d+, epoch 0$/m)
    assert.equal(plant.state().pairs.intake?.units.A.writeFrames, 0)
  })

  it('says which signal is not known, and why', async () => {
    const fault = await plant.addFault({
      target: 'ups-1',
      fault: 'impossible_values',
      value: 65535,
      from: 2,
      to: 2,
    })
    const { code, out } = await run(at('ups-1'), '--profile', 'demo-ups')
    await plant.clearFault(fault.id)
    assert.equal(code, 0, out)
    assert.match(out, /^runtime_s +hr:2 +FFFF +\? reads FFFF, which means not known$/m)
    assert.match(out, /1 of them not known/)
  })

  it('tells a program the same as JSON', async () => {
    const { code, out } = await run(at('ups-2'), '--profile', 'demo-ups', '--json')
    assert.equal(code, 0)
    const told = JSON.parse(out) as { answered: boolean; signals: { key: string; value: string }[] }
    assert.equal(told.answered, true)
    assert.equal(told.signals.find(({ key }) => key === 'state')?.value, 'on mains')
  })

  it('walks registers and finds those that exist, whatever lies between them', async () => {
    const { code, out } = await run(at('intake.A'), '--scan', 'hr:90-120', '--json')
    assert.equal(code, 0)
    const { found } = JSON.parse(out) as { found: { address: number; value: number }[] }
    assert.deepEqual(
      found.map(({ address }) => address),
      Array.from({ length: 13 }, (_, index) => 100 + index),
    )
  })

  it('ends with 1 and one line when the device does not answer', async () => {
    const fault = await plant.addFault({ target: 'intake.B', fault: 'hang' })
    const silent = await run(at('intake.B'), '--profile', 'bumpless-block', '--timeout', '200')
    await plant.clearFault(fault.id)
    assert.equal(silent.code, 1)
    assert.match(
      silent.error,
      /^bumpless: bumpless-block at tcp:\S+: timeout: .*no answer within 200 ms\n$/,
    )
  })

  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['an address without a profile', ['tcp://127.0.0.1:9'], /expected --profile NAME, or --scan/],
    [
      'a profile that does not exist',
      ['tcp://127.0.0.1:9', '--profile', 'no-such'],
      /no profile "no-such"; looked for/,
    ],
    [
      'a device that the plant file does not have',
      ['intake.C', '--plant', 'config/plant.demo.yaml'],
      /no device "intake.C"; did you mean "intake.[AB]"\?/,
    ],
    [
      'a path that the device does not have',
      ['intake.A', '--path', 'lan-3', '--plant', 'config/plant.demo.yaml'],
      /no path "lan-3"; did you mean/,
    ],
    ['a range that runs backwards', ['tcp://127.0.0.1:9', '--scan', 'hr:5-1'], /an end from 5/],
    [
      'a port out of range',
      ['tcp://127.0.0.1:99999', '--profile', 'demo-ups'],
      /port "99999" is out of range/,
    ],
    [
      'a unit identifier out of range',
      ['tcp://127.0.0.1:9', '--profile', 'demo-ups', '--unit', '300'],
      /--unit is "300"; expected a whole number from 0 to 255/,
    ],
  ]
  for (const [what, words, said] of wrong) {
    it(`refuses ${what} with one line, and asks nothing`, async () => {
      const { code, error } = await run(...words)
      assert.equal(code, 2, error)
      assert.match(error, said)
      assert.equal(error.trim().split('\n').length, 1)
    })
  }
})

// The HTTP control of the practice plant: the truth, the faults and the actions as people and tests
// order them.
import assert from 'node:assert/strict'
import type { Plant } from '../../plc-sim/plant.ts'
import type { PlantState } from '../../plc-sim/state.ts'
import { withPlant } from './by-hand.ts'

describe('The control of the practice plant', () => {
  it('shows the whole truth', () =>
    withPlant([], async (plant) => {
      const { status, body } = await ask(plant, 'GET', '/state')
      assert.equal(status, 200)
      assert.deepEqual(body, JSON.parse(JSON.stringify(plant.state())))
      const { pairs, ups } = body as PlantState
      assert.deepEqual(Object.keys(pairs), ['intake', 'filters', 'dosing'])
      assert.deepEqual(Object.keys(ups), ['ups-1', 'ups-2'])
      assert.deepEqual(
        Object.values(pairs).map(({ units }) => [units.A.unit, units.B.unit]),
        [
          [11, 12],
          [21, 22],
          [31, 32],
        ],
      )
    }))

  it('breaks and mends, one fault or all', () =>
    withPlant([], async (plant) => {
      const order = (target: string) => ask(plant, 'POST', '/faults', { target, fault: 'hang' })
      const first = await order('intake.A')
      assert.deepEqual([first.status, first.body], [201, { id: '1' }])
      await order('intake.B')
      await order('dosing.A')
      assert.equal((await ask(plant, 'DELETE', '/faults/1')).status, 204)
      assert.equal((await ask(plant, 'DELETE', '/faults/1')).status, 404)
      assert.equal(plant.state().faults.length, 2)
      assert.equal((await ask(plant, 'DELETE', '/faults')).status, 204)
      assert.equal(plant.state().faults.length, 0)
    }))

  it('lists what is broken, with its parameters', () =>
    withPlant([], async (plant) => {
      const when = { unit: 'intake.A', result: 'DONE' }
      await plant.addFault({ target: 'intake.B', fault: 'slow', ms: '250', after_ms: 100, when })
      assert.deepEqual((await ask(plant, 'GET', '/faults')).body, [
        { id: '1', target: 'intake.B', fault: 'slow', armed: false, ms: 250, after_ms: 100, when },
      ])
    }))

  it('carries out what people do at the panel', () =>
    withPlant([], async (plant) => {
      const order = { target: 'intake.B', action: 'local' }
      assert.equal((await ask(plant, 'POST', '/actions', order)).status, 200)
      assert.equal(plant.state().pairs.intake?.units.B.remote, false)
      assert.equal(plant.state().pairs.intake?.units.A.remote, true)
    }))

  for (const [what, path, order, line, nearest] of [
    ['an unknown target', '/faults', { target: 'intak.A', fault: 'hang' }, /target/, 'intake.A'],
    ['no target', '/faults', { fault: 'hang' }, /unknown target ''/, undefined],
    ['an unknown fault', '/faults', { target: 'intake.A', fault: 'hnag' }, /fault/, 'hang'],
    [
      'a UPS fault at a unit',
      '/faults',
      { target: 'intake.A', fault: 'on_battery' },
      /'on_battery' breaks a UPS, not 'intake.A'; say one of: ups-1, ups-2/,
      undefined,
    ],
    [
      'a unit fault at a pair',
      '/faults',
      { target: 'intake', fault: 'crash' },
      /breaks one unit/,
      undefined,
    ],
    [
      'a parameter that the fault does not have',
      '/faults',
      { target: 'intake.A', fault: 'slow', mss: 5 },
      /parameter of slow/,
      'ms',
    ],
    [
      'a number out of range',
      '/faults',
      { target: 'intake.A', fault: 'slow', ms: -1 },
      /ms is '-1'; expected a number from 0 to 60000/,
      undefined,
    ],
    [
      'a word that is none of the choices',
      '/faults',
      { target: 'intake.A', fault: 'lying_role', role: 'primry' },
      /role/,
      'primary',
    ],
    [
      'a trigger at an unknown unit',
      '/faults',
      { target: 'intake.A', fault: 'hang', when: { unit: 'intake' } },
      /when.unit/,
      'intake.A',
    ],
    [
      'an unknown action',
      '/actions',
      { target: 'intake.A', action: 'reboott' },
      /action/,
      'reboot',
    ],
    [
      'an action at a UPS',
      '/actions',
      { target: 'ups-1', action: 'reboot' },
      /'ups-1' is a UPS/,
      undefined,
    ],
    ['a list', '/faults', [], /expected an object/, undefined],
  ] as const) {
    it(`refuses ${what} in one clear line`, () =>
      withPlant([], async (plant) => {
        const { status, body } = await ask(plant, 'POST', path, order)
        const refusal = body as { error: string; exists: string[]; nearest?: string }
        assert.equal(status, 400)
        assert.match(refusal.error, line)
        assert.doesNotMatch(refusal.error, /\n/)
        assert.equal(refusal.nearest, nearest)
        if (nearest) assert.ok(refusal.exists.includes(nearest))
        assert.deepEqual(plant.state().faults, [])
      }))
  }

  it('refuses a body that is not JSON, and one that is too long', () =>
    withPlant([], async (plant) => {
      for (const text of ['{', '"'.padEnd(70_000, 'x')]) {
        const answer = await fetch(`${plant.controlUrl}/faults`, { method: 'POST', body: text })
        assert.equal(answer.status, 400)
        await answer.text()
      }
      assert.deepEqual(plant.state().faults, [])
    }))

  it('says that there is no such page', () =>
    withPlant([], async (plant) => {
      assert.equal((await ask(plant, 'GET', '/nothing')).status, 404)
      assert.equal((await ask(plant, 'PUT', '/state')).status, 404)
    }))

  it('has a catalogue with what exists, and a page without anything from elsewhere', () =>
    withPlant([], async (plant) => {
      const { body } = await ask(plant, 'GET', '/faults/catalogue')
      const { faults, actions, targets } = body as {
        faults: Record<string, { about: string }>
        actions: Record<string, string>
        targets: Record<string, string[]>
      }
      assert.equal(faults.slow?.about.includes('late'), true)
      assert.ok(actions.rearm)
      assert.equal(targets.unit?.length, 6)
      const page = await (await fetch(plant.controlUrl)).text()
      assert.match(page, /Practice plant/)
      assert.doesNotMatch(page, /https?:\/\//)
    }))
})

async function ask(
  plant: Plant,
  method: string,
  path: string,
  order?: unknown,
): Promise<{ status: number; body: unknown }> {
  const request = order === undefined ? { method } : { method, body: JSON.stringify(order) }
  const answer = await fetch(plant.controlUrl + path, request)
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
}

import assert from 'node:assert/strict'
import { matrix } from '../../../src/core/gates/readiness.ts'
import { type AccessRole, includesRole } from '../../../src/core/plant.ts'
import { people } from '../rig.ts'
import { ask, askedRig, gateIds, lineOf, obstacleOf, switching, untilMet } from './asking.ts'
import { type Entry, entries } from './obstacles.ts'
import { ready } from './plant-states.ts'

const titleOf = (gate: string): string =>
  gate in matrix ? matrix[gate as keyof typeof matrix].title : gate.slice(5).replaceAll('-', ' ')

describe('every gate: what stands in the way is said, and it clears when it says so', () => {
  it('has an entry here for each gate of the matrix', () => {
    const missing = gateIds.filter((gate) => (entries[gate] ?? []).length === 0)
    assert.deepEqual(
      missing,
      [],
      'add to obstacles.ts how the gate comes to be unmet, and what clears it',
    )
  })

  for (const [gate, ways] of Object.entries(entries)) {
    for (const entry of ways) {
      it(`${titleOf(gate)}: ${entry.when}`, () => tryEntry(gate, entry))
    }
  }
})

describe('who may override a gate', () => {
  for (const [gate, [entry]] of Object.entries(entries)) {
    const role = overrideOf(gate)
    if (entry === undefined || (entry.asked ?? switching()).kind !== 'prepare') continue
    const who = role === undefined ? 'nobody' : `a person with the role ${role}`
    it(`${titleOf(gate)}: ${who}`, () => {
      const rig = askedRig(entry.plant)
      ;(entry.start ?? ready)(rig)
      entry.spoil(rig)
      const { to, pair } = { to: 'B', pair: 'intake', ...entry.asked } as const
      const order = switching(to, pair, [gate])
      for (const person of ['anna', 'bert', 'emil']) {
        const answer = ask(rig, order, person)
        const may = role !== undefined && includesRole(people[person] ?? 'observer', role)
        assert.equal(answer.code === 'forbidden', !may, `${person}: ${answer.text}`)
        if (may) assert.equal(obstacleOf(answer, gate), undefined, `${person} overrode it`)
      }
    })
  }
})

/** The role that the matrix, or the plant file for a gate of the site, names for it. */
function overrideOf(gate: string): AccessRole | undefined {
  return gate in matrix ? matrix[gate as keyof typeof matrix].override : 'supervisor'
}

function tryEntry(gate: string, entry: Entry): void {
  const { asked = switching(), start = ready, metMs } = entry
  const rig = askedRig(entry.plant)
  start(rig)
  if (!entry.unmetAtStart)
    assert.equal(obstacleOf(ask(rig, asked), gate), undefined, 'met at first')
  entry.spoil(rig)
  const obstacle = obstacleOf(ask(rig, asked), gate)
  assert.ok(obstacle, 'stands in the way')
  if (process.env.FILL) console.log(`FILL ${lineOf(obstacle)}`)
  else assert.equal(lineOf(obstacle), entry.says)
  entry.mend(rig)
  const tookMs = untilMet(rig, asked, gate, promisedMs(obstacle.clearsWhen) ?? metMs)
  if (!entry.promised) return
  assert.equal(tookMs, promisedMs(obstacle.clearsWhen), 'met to the cycle when it was promised')
}

/** `4.9 s have passed`, `the clock has run steadily for 10.0 s`: the time that an obstacle promises. */
function promisedMs(clearsWhen: string): number | undefined {
  const found = /(?:^|steadily for )([\d.]+) s/.exec(clearsWhen)?.[1]
  return found === undefined ? undefined : Math.round(Number(found) * 1000)
}

import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { PathReport } from '../../../src/core/image.ts'
import { breakIt, cycle, order, pairOf, type Rig, restart, run } from '../rig.ts'
import { type AskedRig, ask, askedRig, gateIds, switching, withValues } from './asking.ts'
import { inPhase, propose, ready } from './plant-states.ts'
import {
  disputed,
  restOnPrimary,
  restOnTarget,
  unitSignals,
  unknownRoles,
  unknownUnits,
  unknownUps,
  unknownValues,
} from './unknowns.ts'

/** Long enough for every limit of the demo plant. */
const settleMs = 8000

const cases = Number(process.env.CASES ?? 12)
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

const unmetIn = (rig: AskedRig, pair = 'intake') =>
  (ask(rig, switching('B', pair)).obstacles ?? []).map(({ gate }) => gate)

function assertUnmet(rig: AskedRig, gates: readonly string[], pair = 'intake') {
  const unmet = unmetIn(rig, pair)
  for (const gate of gates) assert.ok(unmet.includes(gate), `"${gate}" is met: ${unmet.join(', ')}`)
  assert.equal(pairOf(rig, pair).ready, false)
}

describe('what is not known of a unit satisfies no gate', () => {
  for (const [what, bend] of Object.entries(unknownUnits)) {
    it(`the standby: ${what}`, () => {
      const rig = askedRig()
      ready(rig)
      rig.bent.set('intake.B', bend)
      run(rig, settleMs)
      assertUnmet(rig, restOnTarget)
    })
    it(`the primary: ${what}`, () => {
      const rig = askedRig()
      ready(rig)
      rig.bent.set('intake.A', bend)
      run(rig, settleMs)
      // Without a primary that is believed this is no planned switchover any more, and the other unit is not proven inactive.
      const { kind } = pairOf(rig, 'intake').switchover ?? {}
      assert.equal(kind, undefined, 'nothing is proposed')
      const planned = unmetIn(rig).includes('peer') ? [] : restOnPrimary
      assertUnmet(rig, planned)
      assert.notEqual(unmetIn(rig).length, 0)
    })
    it(`from the start: ${what}`, () => {
      const rig = askedRig()
      rig.bent.set('intake.B', bend)
      run(rig, settleMs)
      assertUnmet(
        rig,
        restOnTarget.filter((gate) => gate !== 'program'),
      )
    })
    it(`the unit that is to take over from a lost one: ${what}`, () => {
      const rig = askedRig()
      ready(rig)
      breakIt(rig, 'intake.A', 'crash')
      inPhase(rig, 'proposed')
      rig.bent.set('intake.B', bend)
      run(rig, settleMs)
      const [ended] = pairOf(rig, 'intake').lastEnded
      assert.equal(ended?.outcome, 'revoked', ended?.text)
      assert.equal(pairOf(rig, 'intake').phase, 'idle')
    })
  }

  for (const [what, bend] of Object.entries(unknownRoles)) {
    it(`either unit: ${what}`, () => {
      for (const unit of ['intake.A', 'intake.B']) {
        const rig = askedRig()
        ready(rig)
        rig.bent.set(unit, bend)
        run(rig, settleMs)
        assertUnmet(rig, unit === 'intake.A' ? ['roles', 'sync'] : ['roles'])
      }
    })
  }

  it('two paths that tell different stories', () => {
    const rig = askedRig()
    ready(rig)
    rig.bentPaths.set('intake.B', disputed)
    run(rig, settleMs)
    assert.equal(pairOf(rig, 'intake').units.B.presence, 'disputed')
    assertUnmet(rig, ['reachable', ...restOnTarget])
  })

  it('an answer that is older than its limit, though the unit does not count as lost yet', () => {
    const rig = askedRig()
    ready(rig)
    rig.cut.add('intake.B')
    run(rig, 1300)
    assert.equal(pairOf(rig, 'intake').units.B.presence, 'answering')
    assertUnmet(rig, ['fresh', ...restOnTarget.filter((gate) => gate !== 'sync')])
  })
})

describe('a signal that is not known satisfies no gate that looks at it', () => {
  for (const [signal, gate] of Object.entries(unitSignals)) {
    for (const [what, value] of Object.entries(unknownValues)) {
      it(`${signal} of the standby ${what}: ${gate}`, () => {
        const rig = askedRig()
        ready(rig)
        rig.bent.set('intake.B', withValues({ [signal]: value }))
        run(rig, settleMs)
        assertUnmet(rig, [gate])
      })
    }
  }
  it('a tag that is not critical, when too few others are compared: sync', () => {
    const rig = askedRig()
    ready(rig)
    rig.bent.set('intake.B', withValues({ 'tag:LEVEL.PV': { unknown: 'sensor failed' } }))
    run(rig, settleMs)
    assertUnmet(rig, ['sync'])
  })
  it('a path of which nothing was heard yet: paths', () => {
    const silent = ({ name, carries, changedMs, lossPct }: PathReport): PathReport => ({
      name,
      carries,
      changedMs,
      lossPct,
    })
    for (const bend of [(reports: readonly PathReport[]) => reports.map(silent), () => []]) {
      const rig = askedRig()
      ready(rig)
      rig.bentPaths.set('intake.B', bend)
      run(rig, 1000)
      assertUnmet(rig, ['paths'])
    }
  })
  for (const [what, value] of Object.entries(unknownValues)) {
    it(`the tag of a condition of the site ${what}`, () => {
      const rig = askedRig()
      run(rig, settleMs)
      rig.bent.set('dosing.A', withValues({ 'tag:BATCH.STEP': value }))
      run(rig, 1000)
      assertUnmet(rig, ['site:no-batch-running'], 'dosing')
    })
  }
})

describe('what is not known of a UPS satisfies no gate', () => {
  for (const [what, bend] of Object.entries(unknownUps)) {
    it(what, () => {
      const rig = askedRig()
      ready(rig)
      rig.bent.set('ups-2', bend)
      run(rig, settleMs)
      assertUnmet(rig, ['power'])
    })
  }
})

describe('what the supervisor does not know satisfies no gate', () => {
  const reads = ['reachable', 'fresh', 'heartbeat', ...restOnTarget, 'power']

  it('in the first cycle, before anything was read', () => {
    const rig = askedRig()
    cycle(rig)
    assertUnmet(rig, reads)
  })

  it('in the first cycle after a restart: what was known before counts for nothing', () => {
    const rig = askedRig()
    ready(rig)
    restart(rig)
    cut(rig)
    cycle(rig)
    assertUnmet(rig, reads)
  })

  it('a lease, a journal, a clock or a cycle of which nothing good is known', () => {
    const bad: Readonly<Record<string, (rig: AskedRig) => void>> = {
      authority: (rig) => {
        rig.leaseHeld = false
      },
      journal: (rig) => {
        rig.journalFault = 'unknown'
      },
      clock: (rig) => {
        rig.wallMs = Number.NaN
      },
      cycle: (rig) => {
        rig.lateMs = Number.NaN
      },
    }
    for (const [gate, spoil] of Object.entries(bad)) {
      const rig = askedRig()
      ready(rig)
      spoil(rig)
      cycle(rig)
      assertUnmet(rig, [gate])
    }
  })
})

describe('whatever becomes unknown, in any number and at any time', () => {
  it(`no prompt outlives it and no order starts (SEED=${seed})`, () => {
    const devices = ['intake.A', 'intake.B'] as const
    const one = fc.record({
      device: fc.constantFrom(...devices),
      what: fc.constantFrom(...Object.keys(unknownUnits)),
    })
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 1, maxLength: 2 }),
        fc.integer({ min: 0, max: 3000 }),
        (unknowns, afterMs) => {
          const rig = askedRig()
          ready(rig)
          propose(rig)
          run(rig, afterMs)
          for (const { device, what } of unknowns) {
            const bend = unknownUnits[what]
            if (bend) rig.bent.set(device, bend)
          }
          run(rig, 3000)
          assert.equal(pairOf(rig, 'intake').phase, 'idle')
          const written = rig.commands.length
          order(rig, 'anna', { ...switching(), dryRun: false })
          run(rig, 1000)
          assert.equal(rig.commands.length, written, 'nothing is written')
        },
      ),
      { numRuns: cases, seed },
    )
  })

  it('names only gates of the matrix above', () => {
    const named = [...restOnTarget, ...restOnPrimary, ...Object.values(unitSignals)]
    assert.deepEqual(
      named.filter((gate) => !gateIds.some((id) => id === gate)),
      [],
    )
  })
})

/** Nothing is read any more. */
function cut(rig: Rig): void {
  for (const id of Object.keys(rig.plant.devices)) rig.cut.add(id)
}

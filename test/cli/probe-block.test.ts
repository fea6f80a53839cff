// `probe --block` against real units of a practice plant: every refusal is seen, the role stays, and what must not be written is not.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Plant, startPlant } from '../../plc-sim/plant.ts'
import { RESULT } from '../../plc-sim/wire.ts'
import { GO_ACTIVE, OPERATE, SELECT, seenIn, wordsOf } from '../plc-sim/by-hand.ts'
import { Terminal } from '../plc-sim/terminal.ts'
import { writePlantFile } from '../whole/plant-file.ts'
import { bumpless, sitDown } from './command.ts'

const environment = { PATH: process.env.PATH, LANG: 'C.UTF-8', TERM: 'xterm' }

type Told = {
  readonly passed: boolean
  readonly stopped?: string
  readonly trials: readonly {
    title: string
    expected: string
    seen: string
    passed: boolean
    words: string
  }[]
  readonly notSeen: readonly { expected: string; why: string }[]
}

describe('probe --block', function () {
  this.timeout(60_000)
  let plant: Plant
  let folder: string
  let file: string
  beforeEach(async () => {
    plant = await startPlant()
    folder = await mkdtemp(join(tmpdir(), 'bumpless-block-'))
    file = await writePlantFile({ pairs: ['intake'], ports: plant.ports, httpPort: 8080, folder })
  })
  afterEach(async () => {
    await plant.close()
    await rm(folder, { recursive: true, force: true })
  })

  const unit = (name: 'A' | 'B') => {
    const state = plant.state().pairs.intake?.units[name]
    assert.ok(state)
    return state
  }
  const words = (device: string, ...more: string[]) => [
    ...['probe', device, '--block', '--plant', file, '--yes-write', '--device-name', device],
    ...more,
  ]
  const unattended = async (device: string) => {
    const { code, out, error } = await bumpless(
      environment,
      words(device, '--unattended', '--json'),
      '',
      40_000,
    )
    assert.ok(out.startsWith('{'), error)
    return { code, error, told: JSON.parse(out) as Told }
  }

  for (const name of ['A', 'B'] as const) {
    it(`leads ${name === 'A' ? 'a primary' : 'a standby'} through its refusals and leaves it idle in its role`, async () => {
      const { role } = unit(name)
      const { code, told, error } = await unattended(`intake.${name}`)
      assert.equal(code, 0, JSON.stringify(told))
      assert.ok(told.passed && told.trials.every(({ passed }) => passed))
      assert.match(error, /is claimed for epoch 1: a supervisor will see a foreign claim/)
      assert.equal(unit(name).role, role)
      const results = unit(name).judgements.map(({ result }) => result)
      assert.ok(!results.includes('EXECUTING') && !results.includes('DONE'))
      const left = told.notSeen.map(({ expected }) => expected)
      const byHand = ['LOCAL (18)', 'INTERLOCK (25)', 'LOCKED (17)', 'EXECUTE_TIMEOUT (33)']
      assert.deepEqual(left, name === 'A' ? ['PEER (26)', ...byHand] : byHand)
    })
  }

  it('sees every refusal code there is when a person turns the switches', async () => {
    const sitting = sitDown(environment, words('intake.B'))
    const errand = async (text: string, deed: () => Promise<unknown>) => {
      await sitting.see(text)
      await sitting.see('leaves it out:')
      await deed()
      sitting.type('\r')
    }
    const target = 'intake.B'
    await errand('Turn the switch to LOCAL.', () => plant.action({ target, action: 'local' }))
    await errand('Turn the switch back', () => plant.action({ target, action: 'remote' }))
    await errand('Take the permissive away', () =>
      plant.addFault({ target, fault: 'interlock_lost' }),
    )
    await errand('Give the permissive back', () => plant.clearFault())
    await errand('without its retained data', async () => {
      await plant.addFault({ target, fault: 'retained_lost' })
      await plant.action({ target, action: 'reboot' })
    })
    await errand('Press re-arm', async () => {
      await plant.clearFault()
      await plant.action({ target, action: 'rearm' })
    })
    await errand('Let the supervisor order a role change', () => disobey(plant))
    await sitting.see('checksum of this record')
    assert.equal(await sitting.end(), 0, sitting.screen())
    const record = sitting.screen()
    for (const [name, code] of Object.entries(RESULT)) {
      if (code < 16) continue
      const row = new RegExp(`ok +${name} \\(${code}\\) +${name} \\(${code}\\) `)
      assert.match(record, row)
    }
    assert.doesNotMatch(record, /WRONG |Not seen/)
    assert.equal(unit('B').role, 'standby')
  })

  it('says what a unit answers wrongly, and ends with 1', async () => {
    const fault = 'refuses_command'
    await plant.addFault({ target: 'intake.B', fault, code: 'LOCAL', opcode: 'CANCEL' })
    const { code, told } = await unattended('intake.B')
    assert.equal(code, 1)
    assert.equal(told.passed, false)
    assert.match(told.stopped ?? '', /a CANCEL to bring the unit on was judged: LOCAL \(18\)/)
  })

  it('prints what it sent when the unit falls silent half way, and ends with 1', async () => {
    await plant.addFault({
      ...{ target: 'intake.B', fault: 'network_loss' },
      when: { unit: 'intake.B', result: 'NO_SELECT' },
    })
    const { code, told } = await unattended('intake.B')
    assert.equal(code, 1)
    assert.ok(told.trials.some(({ title }) => title === 'an operate without a select'))
    assert.match(told.stopped ?? '', /intake.B: /)
  })

  it('keeps out when a selection of a supervisor stands', async () => {
    const hand = await openHand(plant)
    await hand.send({})
    await plant.addFault({ target: 'intake', fault: 'none_primary' })
    await hand.send({ opcode: SELECT, action: GO_ACTIVE })
    const { code, error } = await bumpless(environment, words('intake.B', '--unattended'))
    const { writeFrames } = unit('B')
    hand.close()
    assert.equal(code, 3)
    assert.match(
      error,
      /intake.B: a selection of 4D2A stands: a supervisor is about to act; nothing/,
    )
    assert.equal(writeFrames, 2)
  })

  const refusedWords: readonly (readonly [string, (device: string) => string[], RegExp])[] = [
    [
      'without --yes-write',
      (device) => ['probe', device, '--block', '--plant', file, '--unattended'],
      /expected --yes-write once that is meant/,
    ],
    [
      'with the name of another device',
      () => [...words('intake.B', '--unattended'), '--device-name', 'intake.A'],
      /--device-name is "intake.A"; expected intake.B/,
    ],
    ['with nobody to ask', (device) => words(device), /nobody can be asked here/],
    ['on a UPS', () => words('ups-1', '--unattended'), /ups-1 has no command block at/],
  ]
  for (const [what, line, said] of refusedWords) {
    it(`writes nothing ${what}`, async () => {
      const { code, error } = await bumpless(environment, line('intake.B'))
      assert.notEqual(code, 0)
      assert.match(error, said)
      assert.equal(unit('B').writeFrames, 0)
    })
  }

  it('writes nothing to an address without a plant file', async () => {
    const address = `tcp://127.0.0.1:${plant.ports['intake.B']}`
    const more = ['--profile', 'bumpless-block', '--unattended']
    const { code, error } = await bumpless(environment, [...words(address), ...more])
    assert.equal(code, 2)
    assert.match(error, /an address alone is never written/)
    assert.equal(unit('B').writeFrames, 0)
  })

  it('asks for the name of the device, and writes nothing when another one is typed', async () => {
    const line = words('intake.B').filter((word) => word !== '--device-name')
    const sitting = sitDown(environment, line.slice(0, -1))
    await sitting.see('Type the name of the device to write to it:')
    sitting.type('intake.A\r')
    assert.equal(await sitting.end(), 4)
    assert.match(sitting.screen(), /the name was not intake.B; nothing was written/)
    assert.equal(unit('B').writeFrames, 0)
  })

  it('does the same over OPC UA', async () => {
    await plant.close()
    plant = await startPlant({ opcua: { units: ['intake.B'] } })
    const opcua = `opc.tcp://127.0.0.1:${plant.ports['intake.B/opcua']}`
    file = await writePlantFile({
      ...{ pairs: ['intake'], ports: plant.ports, httpPort: 8080, folder },
      paths: (device, ports) =>
        device === 'intake.B'
          ? [{ opcua, security: 'none', lan: 'lan-1' }]
          : [{ modbus: `tcp://127.0.0.1:${ports[device]}`, unit: 1, lan: 'lan-1' }],
    })
    const { code, told } = await unattended('intake.B')
    assert.equal(code, 0, JSON.stringify(told))
    assert.equal(unit('B').role, 'standby')
  })

  it('writes nothing on a plant that is only observed', async () => {
    file = await writePlantFile({
      ...{ pairs: ['intake'], ports: plant.ports, httpPort: 8080, folder, mode: 'observe' },
    })
    const { code, error } = await bumpless(environment, words('intake.B', '--unattended'))
    assert.equal(code, 1)
    assert.match(error, /intake.B is only watched \(mode: observe\); nothing was written/)
    assert.equal(unit('B').writeFrames, 0)
  })
})

/** Another supervisor's hand on B: claims, and sends what it is told. */
async function openHand(plant: Plant) {
  const terminal = await Terminal.open(plant.ports['intake.B'] ?? 0)
  const status = async () => seenIn(await terminal.read(1000, 22))
  const first = await status()
  let seq = first.accepted
  const send = async (changes: Partial<Parameters<typeof wordsOf>[0]>) => {
    const { challenge, role } = await status()
    seq += 1
    const block = {
      ...{ epoch: first.epoch + 1, owner: 0x4d2a, seq, opcode: 0xa5a5, action: 0, unit: 12 },
      ...{ expectedRole: role, challenge, evidence: 5, timeToLiveMs: 3000, ...changes },
    }
    await terminal.write(1100, wordsOf(block))
    for (;;) if ((await status()).judged === seq) return
  }
  return { send, close: () => terminal.close() }
}

/** An OPERATE that the unit acknowledges and does not carry out; the units are as before afterwards. */
async function disobey(plant: Plant): Promise<void> {
  await plant.addFault({ target: 'intake.B', fault: 'acks_not_act' })
  await plant.addFault({ target: 'intake', fault: 'none_primary' })
  const hand = await openHand(plant)
  await hand.send({})
  await hand.send({ opcode: SELECT, action: GO_ACTIVE })
  await hand.send({ opcode: OPERATE, action: GO_ACTIVE })
  hand.close()
}

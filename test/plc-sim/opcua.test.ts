// The units of the practice plant as OPC UA servers: the same registers, told in another language.
import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AttributeIds,
  ClientMonitoredItem,
  ClientSubscription,
  TimestampsToReturn,
} from 'node-opcua'
import { type Plant, startPlant } from '../../plc-sim/plant.ts'
import { JUDGED_MS, seenIn, wordsOf } from './by-hand.ts'
import { type Access, OpcUaHand } from './opcua-client.ts'
import { Terminal } from './terminal.ts'

const PATIENCE_MS = 10_000
const PASSWORD = 'the valve is blue'
/** Long enough for an answer over loopback, short enough to wait for silence. */
const SILENCE_MS = 300

describe('A unit of the practice plant over OPC UA', () => {
  let folder = ''
  let plant: Plant
  const hands: { close(): Promise<void> | void }[] = []

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plc-sim-opcua-'))
    plant = await startPlant({ clock: 'hand', opcua: { units: ['intake.A'] } })
  })
  afterEach(async () => {
    await plant.clearFault()
    for (const hand of hands.splice(0)) await hand.close()
  })
  after(async () => {
    await plant.close()
    await rm(folder, { recursive: true })
  })

  const opcua = async () => {
    const hand = await OpcUaHand.open(portOf(plant), join(folder, 'client'))
    hands.push(hand)
    return hand
  }
  const modbus = async () => {
    const terminal = await Terminal.open(plant.ports['intake.A'] ?? 0)
    hands.push(terminal)
    return terminal
  }

  it('shows the blocks that Modbus shows', async () => {
    const [hand, terminal] = [await opcua(), await modbus()]
    const [status, information, command, commit] = await hand.read(
      'Status',
      'Information',
      'Command',
      'Commit',
    )
    assert.deepEqual(status, await terminal.read(1000, 22))
    assert.deepEqual(information, await terminal.read(1022, 8))
    assert.deepEqual([command, commit].flat(), await terminal.read(1100, 18))
  })

  it('shows the tags in their natural types', async () => {
    const [hand, terminal] = [await opcua(), await modbus()]
    const bytes = Buffer.alloc(26)
    for (const [index, word] of (await terminal.read(100, 13)).entries())
      bytes.writeUInt16BE(word, index * 2)
    const floats = await hand.read('LEVEL.PV', 'LEVEL.SP', 'VALVE.OUT', 'PID.I')
    assert.deepEqual(
      floats,
      [0, 4, 8, 12].map((at) => bytes.readFloatBE(at)),
    )
    const numbers = await hand.read('MODE', 'BATCH.STEP', 'FLOW.TOTAL')
    assert.deepEqual(numbers, [2, 0, bytes.readUInt32BE(22)])
    const flags = bytes.readUInt16BE(20)
    const bits = await hand.read('PUMP.RUN', 'HIGH.LEVEL')
    assert.deepEqual(bits, [(flags & 1) !== 0, (flags & 2) !== 0])
  })

  it('judges a block once its commit word is written, and counts every write', async () => {
    const hand = await opcua()
    const before = seenIn(numbersIn(await hand.read('Status')))
    const counted = unitA(plant).writeFrames
    const words = claim(before.challenge)
    assert.equal(await hand.write('Command', words.slice(0, 17)), 'Good')
    assert.deepEqual(await hand.read('Command'), [words.slice(0, 17)])
    await plant.advance(JUDGED_MS)
    assert.equal(seenIn(numbersIn(await hand.read('Status'))).result, before.result)
    assert.equal(await hand.write('Commit', words[17] ?? 0), 'Good')
    await plant.advance(JUDGED_MS)
    assert.equal(seenIn(numbersIn(await hand.read('Status'))).result, 2)
    assert.equal(unitA(plant).lans.opcua?.writeFrames, 2)
    assert.equal(unitA(plant).writeFrames, counted + 2)
  })

  it('takes nothing but a whole command and its commit word', async () => {
    const [hand, terminal] = [await opcua(), await modbus()]
    const before = await terminal.read(1100, 18)
    assert.equal(await hand.write('Command', new Array(16).fill(1)), 'BadOutOfRange')
    assert.equal(await hand.write('Status', new Array(22).fill(1)), 'BadNotWritable')
    assert.equal(await hand.write('MODE', 1), 'BadNotWritable')
    assert.deepEqual(await terminal.read(1100, 18), before)
  })

  it('tells subscribers what changes, and nothing while its gateway is stale', async () => {
    const hand = await opcua()
    const beats = await heartbeats(hand)
    await passing(plant, () => new Set(beats).size >= 3)
    await plant.addFault({ target: 'intake.A', fault: 'stale_gateway', lan: 'opcua' })
    const [stale] = await hand.read('Status')
    await plant.advance(500)
    assert.deepEqual(await hand.read('Status'), [stale])
    assert.equal(unitA(plant).lans.opcua?.carries, 'old values')
    assert.equal(unitA(plant).lans['lan-1']?.carries, 'live')
    await plant.clearFault()
    const last = beats.length
    await passing(plant, () => beats.length > last)
  })

  it('with its port closed ends its sessions, and Modbus goes on', async () => {
    const [hand, terminal] = [await opcua(), await modbus()]
    await plant.addFault({ target: 'intake.A', fault: 'port_closed', lan: 'opcua' })
    await assert.rejects(hand.read('Status'))
    await assert.rejects(Terminal.open(portOf(plant)), { code: 'ECONNREFUSED' })
    assert.equal((await terminal.read(1000, 22)).length, 22)
    await plant.clearFault()
    assert.equal((await (await opcua()).read('Status')).length, 1)
  })

  it('that hangs lets clients in and says nothing, until it is mended', async () => {
    const hand = await opcua()
    await plant.addFault({ target: 'intake.A', fault: 'hang', lan: 'opcua' })
    const answer = hand.read('MODE')
    const silence = new Promise((resolve) => setTimeout(() => resolve('silence'), SILENCE_MS))
    assert.equal(await Promise.race([answer, silence]), 'silence')
    await plant.clearFault()
    assert.deepEqual(await answer, [2])
  })

  it('that is slow answers that much later, and right', async () => {
    const hand = await opcua()
    await plant.addFault({ target: 'intake.A', fault: 'slow', ms: 150, lan: 'opcua' })
    const startMs = performance.now()
    assert.deepEqual(await hand.read('MODE'), [2])
    assert.ok(performance.now() - startMs >= 149)
  })

  it('that crashes ends its sessions, and lets clients in again once it has booted', async () => {
    const hand = await opcua()
    await plant.addFault({ target: 'intake.A', fault: 'crash' })
    await assert.rejects(hand.read('MODE'))
    await assert.rejects(Terminal.open(portOf(plant)), { code: 'ECONNREFUSED' })
    await plant.clearFault()
    await plant.advance(400)
    assert.equal(seenIn(numbersIn(await (await opcua()).read('Status'))).boot, 2)
  })

  it('lets nobody in while its network is lost', async () => {
    const hand = await opcua()
    await plant.addFault({ target: 'intake.A', fault: 'network_loss', lan: 'opcua' })
    await assert.rejects(Terminal.open(portOf(plant), SILENCE_MS), /connecting timed out/)
    await plant.clearFault()
    assert.deepEqual(await hand.read('MODE'), [2])
  })

  it('forgets a half-open client, and new ones work', async () => {
    const hand = await opcua()
    await plant.addFault({ target: 'intake.A', fault: 'half_open', lan: 'opcua' })
    const silence = new Promise((resolve) => setTimeout(() => resolve('silence'), SILENCE_MS))
    const answer = hand.read('MODE').catch(() => 'refused')
    assert.equal(await Promise.race([answer, silence]), 'silence')
    assert.deepEqual(await (await opcua()).read('MODE'), [2])
    await plant.clearFault()
    await answer
  })
})

describe('A unit of the practice plant over OPC UA with a password', () => {
  let folder = ''
  let plant: Plant

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plc-sim-opcua-'))
    const passwordFile = join(folder, 'password')
    await writeFile(passwordFile, `${PASSWORD}\n`, { mode: 0o600 })
    const opcua = { units: ['intake.B'], passwordFile, pki: join(folder, 'units') }
    plant = await startPlant({ clock: 'hand', opcua })
  })
  after(async () => {
    await plant.close()
    await rm(folder, { recursive: true })
  })

  const withHand = async (access: Access, work: (hand: OpcUaHand) => Promise<void>) => {
    const port = plant.ports['intake.B/opcua'] ?? 0
    const hand = await OpcUaHand.open(port, join(folder, 'client'), access)
    await work(hand).finally(() => hand.close())
  }

  it('takes writes from the operator over an encrypted connection', () =>
    withHand({ secured: true, password: PASSWORD }, async (hand) => {
      assert.equal(await hand.write('Commit', 4711), 'Good')
      assert.deepEqual(await hand.read('Commit'), [4711])
    }))

  it('shows everything to everybody, and takes no writes from them', () =>
    withHand({}, async (hand) => {
      assert.deepEqual(await hand.read('MODE'), [2])
      assert.equal(await hand.write('Commit', 1), 'BadUserAccessDenied')
      assert.equal(await hand.write('Command', new Array(17).fill(1)), 'BadUserAccessDenied')
    }))

  it('refuses a wrong password', () =>
    assert.rejects(
      withHand({ secured: true, password: 'the valve is red' }, async () => {}),
      /BadUserAccessDenied/,
    ))

  it('keeps its certificates in the folder that it was given', async () => {
    assert.deepEqual((await readdir(join(folder, 'units'))).sort(), ['intake.B', 'intake.B.users'])
  })
})

describe('OPC UA in the practice plant', () => {
  it('is served only when asked for', async () => {
    const plant = await startPlant({ clock: 'hand' })
    assert.deepEqual(
      Object.keys(plant.ports).filter((name) => name.includes('opcua')),
      [],
    )
    assert.equal(unitA(plant).lans.opcua, undefined)
    await plant.close()
  })

  it('is refused in one line for a unit that does not exist or a password that is not there', async () => {
    const strange = startPlant({ opcua: { units: ['intake.C'] } })
    await assert.rejects(strange, /unknown unit 'intake.C'; did you mean 'intake.A'\?/)
    const passwordFile = join(tmpdir(), 'no-such-password-file')
    const open = startPlant({ opcua: { units: ['intake.A'], passwordFile } })
    await assert.rejects(open, /no-such-password-file' has no password for the user 'operator'/)
  })
})

function portOf(plant: Plant): number {
  return plant.ports['intake.A/opcua'] ?? 0
}

function unitA(plant: Plant) {
  return plant.state().pairs.intake?.units.A ?? assert.fail('no intake')
}

function claim(challenge: number): number[] {
  return wordsOf({
    epoch: 7,
    owner: 0x4d2a,
    seq: 1,
    opcode: 0xa5a5,
    action: 0,
    unit: 11,
    expectedRole: 1,
    challenge,
    evidence: 0,
    timeToLiveMs: 3000,
  })
}

function numbersIn([value]: readonly unknown[]): number[] {
  assert.ok(Array.isArray(value), `expected an array, got ${String(value)}`)
  return value.map(Number)
}

/** The heartbeats that a subscription to the status brings, as they come. */
async function heartbeats(hand: OpcUaHand): Promise<number[]> {
  const beats: number[] = []
  const subscription = ClientSubscription.create(hand.session, {
    requestedPublishingInterval: 50,
    publishingEnabled: true,
  })
  const item = ClientMonitoredItem.create(
    subscription,
    { nodeId: hand.node('Status'), attributeId: AttributeIds.Value },
    { samplingInterval: 20, queueSize: 1, discardOldest: true },
    TimestampsToReturn.Both,
  )
  item.on('changed', ({ value }) => beats.push(Number(value.value[17])))
  return beats
}

/** Lets plant time pass until something is so. */
async function passing(plant: Plant, so: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS
  while (!so()) {
    assert.ok(performance.now() < deadlineMs, 'it never came to that')
    await plant.advance(10)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

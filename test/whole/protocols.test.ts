// A whole switchover over every way to a controller: OPC UA, a serial line that both units share, and a unit that is reached over
// Modbus on one network and OPC UA on the other.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSerialPair, type SerialPair } from '../plc-sim/serial-pair.ts'
import { confirmShown, propose, untilEnded, untilReady } from './persons.ts'
import { assertNeverBothActive, type Rig, startRig } from './rig.ts'

type Paths = NonNullable<Parameters<typeof startRig>[0]>['paths']

const opcuaPath = (
  device: string,
  ports: Readonly<Record<string, number>>,
  pki: string,
  lan: string,
) => ({ opcua: `opc.tcp://127.0.0.1:${ports[`${device}/opcua`]}`, security: 'none', pki, lan })

async function switchTo(rig: Rig, to: 'A' | 'B'): Promise<void> {
  const proposal = await propose(rig, to)
  await confirmShown(rig, proposal)
  const ended = await untilEnded(rig, proposal.id)
  assert.equal(ended.outcome, 'done', ended.text)
  assert.equal(rig.active(), to)
}

describe('A pair that is reached over OPC UA', function () {
  this.timeout(120_000)
  let rig: Rig
  let pki: string
  before(async () => {
    pki = await mkdtemp(join(tmpdir(), 'bumpless-pki-'))
    const paths: Paths = (device, ports) => [opcuaPath(device, ports, pki, 'lan-1')]
    const opcua = { units: ['intake.A', 'intake.B'] }
    rig = await startRig({ paths, practicePlant: { opcua } })
  })
  after(async () => {
    await rig.stop()
    await rm(pki, { recursive: true, force: true })
  })
  afterEach(() => assertNeverBothActive(rig))

  it('is in sync, switched to B and back to A', async () => {
    await untilReady(rig)
    await switchTo(rig, 'B')
    await switchTo(rig, 'A')
  })

  it('loses a unit whose server stands still, and finds it again', async () => {
    await untilReady(rig)
    const fault = await rig.fault('intake.B', 'hang', { lan: 'opcua' })
    await rig.untilPair('B to be lost', ({ units }) => units.B.presence === 'lost')
    await rig.plant.clearFault(fault)
    await rig.untilPair('B to be back', ({ units }) => units.B.presence === 'answering')
  })
})

describe('A pair of which one unit is reached over Modbus and over OPC UA', function () {
  this.timeout(120_000)
  let rig: Rig
  let pki: string
  before(async () => {
    pki = await mkdtemp(join(tmpdir(), 'bumpless-pki-'))
    const paths: Paths = (device, ports) => [
      { modbus: `tcp://127.0.0.1:${ports[device]}`, unit: 1, lan: 'lan-1' },
      ...(device === 'intake.A' ? [opcuaPath(device, ports, pki, 'lan-2')] : []),
    ]
    rig = await startRig({ paths, practicePlant: { opcua: { units: ['intake.A'] } } })
  })
  after(async () => {
    await rig.stop()
    await rm(pki, { recursive: true, force: true })
  })
  afterEach(() => assertNeverBothActive(rig))

  it('goes on over OPC UA when the Modbus network is cut, in sync all the time', async () => {
    await untilReady(rig)
    const cut = await rig.fault('intake.A', 'port_closed', { lan: 'lan-1' })
    const pair = await rig.untilPair('the other path', ({ units }) =>
      units.A.paths.some(({ name, state }) => name === 'lan-2' && state === 'carries'),
    )
    assert.equal(pair.units.A.presence, 'answering')
    assert.equal(pair.sync.verdict, 'in sync')
    assert.ok(pair.sync.sinceMs > 1000, `in sync for ${pair.sync.sinceMs} ms only`)
    await rig.plant.clearFault(cut)
  })

  it('is switched over while A is commanded over OPC UA', async () => {
    await rig.untilPair('both paths', ({ units }) =>
      units.A.paths.every(({ state }) => state === 'carries' || state === 'spare'),
    )
    await switchTo(rig, 'B')
    await switchTo(rig, 'A')
  })
})

describe('A pair on one serial line', function () {
  this.timeout(120_000)
  let rig: Rig
  let line: SerialPair
  before(async () => {
    line = await openSerialPair()
    const [ours, theirs] = line.ends
    const paths: Paths = (device) => [
      { modbus: `serial://${ours}`, unit: device === 'intake.A' ? 11 : 12, baud: 115200 },
    ]
    const devices = { 'intake.A': 11, 'intake.B': 12 }
    rig = await startRig({
      paths,
      pair: { scan_ms: 200 },
      practicePlant: { serial: [{ path: theirs, devices }] },
    })
  })
  after(async () => {
    await rig.stop()
    await line.close()
  })
  afterEach(() => assertNeverBothActive(rig))

  it('is in sync, switched to B and back to A', async () => {
    await untilReady(rig)
    await switchTo(rig, 'B')
    await switchTo(rig, 'A')
  })
})

// The example program of config/plc in two controllers, their contacts crossed as the guide says, led through a switchover by the
// supervisor's own encoder and decoder.

import assert from 'node:assert/strict'
import {
  type CommandBlock,
  decodeStatus,
  encodeCommand,
  has,
  resultName,
  type StatusBlock,
} from '../../src/core/block.ts'
import { StUnit } from './st-unit.ts'

class ExamplePair {
  readonly a = new StUnit('BUMPLESS_EXAMPLE')
  readonly b = new StUnit('BUMPLESS_EXAMPLE')
  /** Scans in which the outputs of both were enabled. */
  bothActive = 0
  #seq = 0

  constructor() {
    const wired = { REMOTESWITCH: 1, PERMISSIVECONTACT: 1, IOHEALTHY: 1, CLOCKCOUNT: 99 }
    this.a.set({ ...wired, UNITNUMBER: 11, FIRSTSCAN: 1 })
    this.b.set({ ...wired, UNITNUMBER: 12, FIRSTSCAN: 1 })
    this.scan()
    for (const unit of [this.a, this.b]) unit.set({ FIRSTSCAN: 0 })
  }

  scan(times = 1): void {
    for (let count = 0; count < times; count++) {
      const enabled = [this.a.get('OUTPUTSENABLED'), this.b.get('OUTPUTSENABLED')]
      this.a.set({ PEERDEADCONTACT: 1 - (enabled[1] ?? 0) })
      this.b.set({ PEERDEADCONTACT: 1 - (enabled[0] ?? 0) })
      this.a.scan()
      this.b.scan()
      if (this.a.get('OUTPUTSENABLED') + this.b.get('OUTPUTSENABLED') === 2) this.bothActive += 1
    }
  }

  press(unit: StUnit, button: string): void {
    unit.set({ [button]: 1 })
    this.scan()
    unit.set({ [button]: 0 })
    this.scan()
  }

  status(unit: StUnit): StatusBlock {
    const status = decodeStatus(unit.read('REGISTERS').slice(0, 22))
    assert.ok(typeof status === 'object', String(status))
    return status
  }

  send(unit: StUnit, changes: Partial<CommandBlock> & Pick<CommandBlock, 'opcode'>): string {
    const { unit: number, role, challenge } = this.status(unit)
    this.#seq += 1
    const block = {
      ...{ epoch: 1, owner: 0x4d2a, seq: this.#seq, unit: number, expectedRole: role, challenge },
      ...{ evidence: changes.opcode === 'CLAIM' ? 0 : 0xdeadbeef, ttlMs: 3000, ...changes },
    }
    unit.write('COMMANDREGISTERS', [...encodeCommand(block)])
    this.scan(2)
    return resultName(this.status(unit).result)
  }

  /** Brings the pair into service at the panels: re-armed, A primary. */
  commission(): void {
    for (const unit of [this.a, this.b]) this.press(unit, 'REARMBUTTON')
    this.a.set({ REMOTESWITCH: 0 })
    this.press(this.a, 'TAKEOVERBUTTON')
    this.a.set({ REMOTESWITCH: 1 })
    this.scan()
  }
}

describe('The example program for a pair', () => {
  it('comes from its download locked, with no outputs, and says so', () => {
    const pair = new ExamplePair()
    for (const unit of [pair.a, pair.b]) {
      assert.ok(has(pair.status(unit), 'locked'))
      assert.deepEqual([unit.get('OUTPUTSENABLED'), unit.get('LOCKEDLAMP')], [0, 1])
      assert.equal(pair.send(unit, { opcode: 'CLAIM' }), 'LOCKED')
    }
  })

  it('is switched over by claim, demote and promote, and never has both outputs alive', () => {
    const pair = new ExamplePair()
    pair.commission()
    assert.deepEqual([pair.status(pair.a).role, pair.status(pair.b).role], ['primary', 'standby'])
    for (const unit of [pair.a, pair.b])
      assert.equal(pair.send(unit, { opcode: 'CLAIM' }), 'CLAIMED')
    const promote = { action: 'GO_ACTIVE' } as const
    assert.equal(pair.send(pair.b, { opcode: 'SELECT', ...promote }), 'PEER')
    const demote = { action: 'GO_STANDBY' } as const
    assert.equal(pair.send(pair.a, { opcode: 'SELECT', ...demote }), 'SELECTED')
    assert.equal(pair.send(pair.a, { opcode: 'OPERATE', ...demote }), 'EXECUTING')
    pair.scan()
    assert.equal(resultName(pair.status(pair.a).result), 'DONE')
    assert.equal(pair.send(pair.b, { opcode: 'SELECT', ...promote }), 'SELECTED')
    assert.equal(pair.send(pair.b, { opcode: 'OPERATE', ...promote }), 'EXECUTING')
    pair.scan()
    assert.equal(resultName(pair.status(pair.b).result), 'DONE')
    assert.deepEqual([pair.status(pair.a).role, pair.status(pair.b).role], ['standby', 'primary'])
    assert.equal(pair.bothActive, 0)
  })

  it('gives nothing to the panel while the switch stands on REMOTE, nor beside a live unit', () => {
    const pair = new ExamplePair()
    pair.commission()
    pair.press(pair.b, 'TAKEOVERBUTTON')
    assert.equal(pair.b.get('OUTPUTSENABLED'), 0)
    pair.b.set({ REMOTESWITCH: 0 })
    pair.press(pair.b, 'TAKEOVERBUTTON')
    assert.equal(pair.b.get('OUTPUTSENABLED'), 0)
    pair.a.set({ REMOTESWITCH: 0 })
    pair.press(pair.a, 'GIVEUPBUTTON')
    pair.press(pair.b, 'TAKEOVERBUTTON')
    assert.deepEqual([pair.a.get('OUTPUTSENABLED'), pair.b.get('OUTPUTSENABLED')], [0, 1])
    assert.equal(pair.bothActive, 0)
  })

  it('puts the unit information behind the status block', () => {
    const pair = new ExamplePair()
    pair.a.set({
      PROGRAMCHECKSUM: 0x7c3a91e5,
      FIRMWARE: 0x30207,
      CONFIGURATIONCHECKSUM: 0xffff_ffff,
    })
    pair.a.set({ SCANHUNDREDTHSMS: 1000, LOADPERMILLE: 312 })
    pair.scan()
    assert.deepEqual(
      pair.a.read('REGISTERS').slice(22),
      [0x7c3a, 0x91e5, 3, 0x207, 0xffff, 0xffff, 1000, 312],
    )
  })
})

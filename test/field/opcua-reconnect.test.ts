import assert from 'node:assert/strict'
import fs from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import v8 from 'node:v8'
import vm from 'node:vm'
import type { Scan } from '../../src/core/image.ts'
import { type OpcUaDriver, opcuaDriver } from '../../src/field/opcua/driver.ts'
import { randomFrom } from '../chance.ts'
import { seed, until } from './devices.ts'
import { nodeSignal, OpcUaRig, statusOf, statusSignal } from './opcua-rig.ts'

v8.setFlagsFromString('--expose-gc')
const collectGarbage: () => void = vm.runInNewContext('gc')

const clock = (): number => performance.now()
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const settings = [statusOf(100), { name: 'LEVEL', dataType: 11, value: 1 }]

describe('an OPC UA connection that breaks', function () {
  this.timeout(120_000)
  let rig: OpcUaRig
  let driver: OpcUaDriver

  before(async () => {
    rig = await OpcUaRig.make()
    await rig.start(settings)
  })
  beforeEach(async () => {
    driver = connect(rig)
    await answered(driver)
  })
  afterEach(() => driver.close())
  after(() => rig.close())

  it('is noticed within a second of the server freezing, and is back after it thaws', async () => {
    rig.freeze()
    const frozenMs = clock()
    const scan = await failed(driver)
    assert.equal(scan.fault, 'timeout')
    assert.ok(scan.receivedMs - frozenMs < 1000, `it took ${scan.receivedMs - frozenMs} ms`)
    await until(
      'the connection given up',
      async () => (await failed(driver)).fault === 'unreachable',
    )
    await pause(3000)
    rig.thaw()
    await answered(driver)
    assert.equal(driver.counters.connections, 2)
  })

  it('is noticed within a second of the server being killed, and is back after a restart', async () => {
    await rig.kill()
    const killedMs = clock()
    const scan = await failed(driver)
    assert.ok(scan.receivedMs - killedMs < 1000)
    await pause(500)
    assert.match((await failed(driver)).detail, /cannot connect: ECONNREFUSED/)
    await rig.start(settings)
    await answered(driver)
  })

  it('leaves no sessions behind when it is closed', async () => {
    await driver.close()
    await until('no session', async () => (await rig.order({ tell: 'sessions' })) === 0)
  })

  it('is closed within two seconds even when the server is frozen', async () => {
    rig.freeze()
    try {
      const startMs = clock()
      const reading = driver.read(true)
      await driver.close()
      assert.ok(clock() - startMs < 2000, `it took ${clock() - startMs} ms`)
      assert.equal((await reading).kind, 'failed')
      const scan = await driver.read(true)
      assert.ok(scan.kind === 'failed' && scan.fault === 'not-asked')
    } finally {
      rig.thaw()
    }
  })

  it('says nothing on the terminal', async () => {
    const printed: string[] = []
    const streams = [process.stdout, process.stderr]
    const writers = streams.map((stream) => stream.write)
    for (const stream of streams) {
      stream.write = (piece: string | Uint8Array) => {
        printed.push(String(piece))
        return true
      }
    }
    try {
      await rig.kill()
      await until('a failure', async () => (await driver.read(true)).kind === 'failed')
      await pause(300)
      await rig.start(settings)
      await answered(driver)
    } finally {
      for (const [at, stream] of streams.entries()) stream.write = writers[at] ?? stream.write
    }
    assert.deepEqual(printed, [])
  })
})

describe('a cable to an OPC UA server', function () {
  this.timeout(300_000)
  const cuts = Number(process.env.CUTS ?? 40)
  let rig: OpcUaRig
  let cable: Cable
  let driver: OpcUaDriver

  before(async () => {
    rig = await OpcUaRig.make()
    await rig.start(settings)
    cable = await Cable.open(rig.port)
    const opcua = rig.path([statusSignal, nodeSignal('LEVEL', 'float64')], { url: cable.url })
    driver = opcuaDriver(rig.device(opcua, { scanMs: 50 }), clock, opcua)
    await answered(driver)
  })
  after(async () => {
    await driver.close()
    await cable.close()
    await rig.close()
  })

  it('that is silent without an end is noticed within a second', async () => {
    cable.hold()
    const heldMs = clock()
    const scan = await failed(driver)
    assert.ok(scan.receivedMs - heldMs < 1000)
    cable.cut()
    await answered(driver)
  })

  it(`may be cut ${cuts} times, and nothing grows`, async () => {
    const cutOnce = async (): Promise<void> => {
      cable.cut()
      await until('the cut', async () => (await driver.read(true)).kind === 'failed')
      await answered(driver)
      await until('a full scan', async () => (await driver.read(true)).kind === 'answered')
    }
    // The first ones fill the caches of the library.
    for (let cut = 0; cut < 10; cut += 1) await cutOnce()
    const before = grown()
    for (let cut = 0; cut < cuts; cut += 1) await cutOnce()
    await until('handles as before', async () => {
      await driver.read(true)
      return grown().handles <= before.handles + 2
    })
    const after = grown()
    const kilobytes = (after.heap - before.heap) / 1024
    if (process.env.CUTS !== undefined) console.log(`      ${kilobytes.toFixed(0)} kB more`)
    assert.ok(kilobytes < 1500 + 20 * cuts, `${kilobytes.toFixed(0)} kB more after ${cuts} cuts`)
    assert.ok(driver.counters.connections > cuts)
  })
})

describe('an OPC UA server whose answers are mutilated', function () {
  this.timeout(300_000)
  const rounds = Number(process.env.CUTS ?? 40)

  it(`costs connections and nothing else (SEED=${seed})`, async () => {
    const chance = randomFrom(seed)
    const rig = await OpcUaRig.make()
    await rig.start(settings)
    const cable = await Cable.open(rig.port)
    const opcua = rig.path([statusSignal, nodeSignal('LEVEL', 'float64')], { url: cable.url })
    const driver = opcuaDriver(rig.device(opcua, { scanMs: 50, timeoutMs: 150 }), clock, opcua)
    try {
      for (let round = 0; round < rounds; round += 1) {
        // Now and then, because nothing gets far when every piece is damaged.
        cable.damage = (piece) => (chance() < 0.2 ? mutilated(piece, chance) : piece)
        for (let scan = 0; scan < 10; scan += 1) {
          await driver.read(chance() < 0.5)
          await pause(5)
        }
        cable.damage = (piece) => piece
        if (round % 10 === 9) await answered(driver)
      }
      await until(
        'the truth again',
        async () => {
          const scan = await driver.read(false)
          return scan.kind === 'answered' && scan.values.LEVEL === 1
        },
        30_000,
      )
      assert.ok(driver.counters.connections > 1, 'the damage was felt')
    } finally {
      await driver.close()
      await cable.close()
      await rig.close()
    }
  })
})

describe('a plant without OPC UA', () => {
  it('does not load the library', async () => {
    const folder = new URL('../../src/field/opcua/', import.meta.url)
    for (const file of await fs.readdir(folder)) {
      const text = await fs.readFile(new URL(file, folder), 'utf8')
      const eager = [...text.matchAll(/^import (?!type)[^']*'node-opcua'/gms)]
      assert.deepEqual(eager.map(String), [], path.basename(file))
    }
  })
})

function connect(rig: OpcUaRig): OpcUaDriver {
  const opcua = rig.path([statusSignal, nodeSignal('LEVEL', 'float64')])
  return opcuaDriver(rig.device(opcua), clock, opcua)
}

const answered = (driver: OpcUaDriver): Promise<boolean> =>
  until('an answer', async () => (await driver.read(true)).kind === 'answered', 30_000)

const failed = (driver: OpcUaDriver): Promise<Extract<Scan, { kind: 'failed' }>> =>
  until('a failure', async () => {
    const scan = await driver.read(true)
    return scan.kind === 'failed' && scan
  })

function grown(): { handles: number; heap: number } {
  collectGarbage()
  return { handles: process.getActiveResourcesInfo().length, heap: process.memoryUsage().heapUsed }
}

/** Some bytes changed, or some left out. */
function mutilated(piece: Buffer, chance: () => number): Buffer {
  const copy = Buffer.from(piece)
  if (chance() < 0.3) return copy.subarray(Math.floor(chance() * copy.length))
  for (let left = 1 + Math.floor(chance() * 8); left > 0; left -= 1) {
    copy[Math.floor(chance() * copy.length)] = Math.floor(chance() * 256)
  }
  return copy
}

/** Passes bytes between driver and server, and can be cut or fall silent. */
class Cable {
  readonly #server: net.Server
  readonly #sockets = new Set<net.Socket>()
  #held = false
  /** What becomes of a piece on its way from the server. */
  damage: (piece: Buffer) => Buffer = (piece) => piece

  private constructor(server: net.Server) {
    this.#server = server
  }

  static async open(port: number): Promise<Cable> {
    const server = net.createServer()
    const cable = new Cable(server)
    server.on('connection', (near) => cable.#join(near, net.connect(port, '127.0.0.1')))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return cable
  }

  get url(): string {
    const address = this.#server.address()
    assert.ok(typeof address === 'object' && address !== null)
    return `opc.tcp://127.0.0.1:${address.port}`
  }

  /** Passes nothing on from now on, and ends nothing. */
  hold(): void {
    this.#held = true
    for (const socket of this.#sockets) socket.pause()
  }

  /** Ends all connections; new ones may be made. */
  cut(): void {
    this.#held = false
    for (const socket of this.#sockets) socket.resetAndDestroy()
    this.#sockets.clear()
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(near: net.Socket, far: net.Socket): void {
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one)
      one.on('data', (piece) => other.write(one === far ? this.damage(piece) : piece))
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
      if (this.#held) one.pause()
    }
  }
}

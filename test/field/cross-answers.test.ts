// A value of one register is never shown under another's name, nor an old value as a new one: units behind a gateway that mixes
// answers up, polled by our own driver, and every value compared with what that register said while it was asked.

import assert from 'node:assert/strict'
import type { Scan } from '../../src/core/image.ts'
import { type ModbusDriver, modbusDriver } from '../../src/field/modbus/driver.ts'
import { randomFrom } from '../chance.ts'
import { device, modbusPath, seed, signal } from './devices.ts'
import { blockDistance, encoded, MixedUpGateway, tricks } from './mixed-up-gateway.ts'

/** `npm run campaign:cuts` asks for 100,000. */
const polls = Number(process.env.CROSS_POLLS ?? 10000)
const timeoutMs = 40
const units = Array.from({ length: 50 }, (_, index) => index + 1)
const addresses = Array.from({ length: 10 }, (_, index) => 2 * index)
const blocks = [0, blockDistance].flatMap((start) => addresses.map((address) => start + address))

describe(`units behind a gateway that mixes answers up, ${polls} polls, SEED=${seed}`, () => {
  const random = randomFrom(seed)
  let gateway: MixedUpGateway
  const drivers: ModbusDriver[] = []
  beforeEach(() => {
    gateway = new MixedUpGateway(random)
    gateway.lateMs = () => random() * 2 * timeoutMs
    gateway.trick = () =>
      random() < 0.9 ? 'answer' : (tricks[Math.floor(random() * tricks.length)] ?? 'answer')
  })
  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.close()))
    await gateway.close()
  })
  const open = (port: number, unit: number): ModbusDriver => {
    const signals = blocks.map((address) =>
      signal({ key: String(address), address, type: 'uint32' }),
    )
    const path = modbusPath(port, { unit, signals })
    const driver = modbusDriver(device(path, { timeoutMs }), () => performance.now(), path)
    drivers.push(driver)
    return driver
  }

  it('no wrong value is ever shown, and polls between the tricks succeed', async function () {
    this.timeout(Math.max(60000, polls * 10))
    const port = await gateway.listen()
    const outcomes = new Map<string, number>()
    await Promise.all(units.map((unit) => pollUnit(gateway, open(port, unit), unit, outcomes)))
    judgeRun(gateway, outcomes, drivers)
  })

  it('not even when all units have the same number on ports of their own', async function () {
    this.timeout(Math.max(60000, polls * 10))
    const outcomes = new Map<string, number>()
    const ports = await Promise.all(units.map((unit) => gateway.listen(unit)))
    const runs = units.map((unit, index) =>
      pollUnit(gateway, open(ports[index] ?? 0, 1), unit, outcomes),
    )
    await Promise.all(runs)
    judgeRun(gateway, outcomes, drivers)
  })
})

type Outcomes = Map<string, number>

async function pollUnit(
  gateway: MixedUpGateway,
  driver: ModbusDriver,
  unit: number,
  outcomes: Outcomes,
): Promise<void> {
  for (let asked = 0; asked < polls / 2 / units.length; ) {
    const before = gateway.generations.get(unit) ?? 0
    const scan = await driver.read(true)
    const outcome = scan.kind === 'failed' ? scan.fault : 'answered'
    if (scan.kind === 'answered') judge(scan, unit, before, gateway.generations.get(unit) ?? 0)
    if (outcome === 'unreachable') {
      await new Promise((resolve) => setTimeout(resolve, 2))
      continue
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    asked++
  }
}

/** Every value is of this unit and this address, and of a moment between the question and now. */
function judge(scan: Scan, unit: number, before: number, now: number): void {
  assert(scan.kind === 'answered')
  assert.equal(Object.keys(scan.values).length, blocks.length)
  for (const address of blocks) {
    const value = scan.values[String(address)]
    assert(typeof value === 'number', `${address} of unit ${unit} is ${JSON.stringify(value)}`)
    const generation = before + ((value - before) & 0xffff)
    assert(
      value === encoded(unit, address, generation) && generation > before && generation <= now,
      `address ${address} of unit ${unit} shows ${value.toString(16)}; generations ${before} to ${now}`,
    )
  }
}

/** The gateway did misbehave in all its ways, the drivers did notice, and yet most polls were answered. */
function judgeRun(
  gateway: MixedUpGateway,
  outcomes: Outcomes,
  drivers: readonly ModbusDriver[],
): void {
  const sum = (what: 'late' | 'garbage' | 'duplicates'): number =>
    drivers.reduce((total, { counters }) => total + counters[what], 0)
  const seen = [...outcomes].map(([outcome, times]) => `${times} ${outcome}`).join(', ')
  console.log(
    `      ${seen}; frames: ${sum('late')} late, ${sum('duplicates')} duplicates, ${sum('garbage')} garbage`,
  )
  for (const trick of tricks) {
    const times = gateway.played.get(trick) ?? 0
    assert(times > polls / 500, `${trick} was played ${times} times`)
  }
  assert((outcomes.get('answered') ?? 0) > polls / 4, 'too few polls were answered')
  for (const fault of ['bad-answer', 'timeout']) {
    assert((outcomes.get(fault) ?? 0) > polls / 400, `${fault}: ${outcomes.get(fault)}`)
  }
}

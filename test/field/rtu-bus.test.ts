// A bus with several devices: one request at a time, each device in turn, command blocks first, and one device that doesn't
// answer, or answers for another, harms nobody else.

import assert from 'node:assert/strict'
import { BusQueue, type Question, type Seat } from '../../src/field/modbus/bus-queue.ts'
import type { Cable, CableEvents } from '../../src/field/modbus/cable.ts'
import { newCounters, type Outcome } from '../../src/field/modbus/outcome.ts'
import { foresee } from '../../src/field/modbus/rtu-frames.ts'
import type { RtuTransport } from '../../src/field/modbus/rtu-transport.ts'
import { SerialBus } from '../../src/field/modbus/serial-bus.ts'
import { until } from './devices.ts'
import { RtuLines, serialLink } from './rtu-lines.ts'
import { seal, wordsOf } from './rtu-slave.ts'

const block = wordsOf(9, 0, 18)

describe('three devices on one serial line', () => {
  const lines = new RtuLines()
  afterEach(() => lines.close())

  it('are asked in turn, one at a time, and the silent one costs the others its time-out and no more', async () => {
    const { slave, link } = await lines.serial()
    const units = [1, 2, 3]
    const [first, second, silent] = await Promise.all(
      units.map((unit) => lines.ready(link, { unit })),
    )
    assert(first && second && silent)
    slave.behave = ({ unit }) => (unit === 3 ? 'silent' : 'answer')
    const endMs = performance.now() + 1500
    const waits = await Promise.all([
      pollUntil(endMs, first, 1),
      pollUntil(endMs, second, 2),
      pollUntil(endMs, silent, 3),
    ])
    const counts = units.map((unit) => slave.requests.filter((one) => one.unit === unit).length)
    const [ones = 0, twos = 0, threes = 0] = counts
    // 60 ms time-out and 300 ms without a question: the silent device is asked about four times.
    assert(threes >= 2 && threes <= 6, `${threes} times`)
    assert(ones > 50 && twos > 50, `${ones} and ${twos} readings`)
    assert(Math.abs(ones - twos) <= 3, `${ones} and ${twos} readings`)
    assert.equal(silent.counters.faults.timeout + silent.counters.answers, threes)
    assert(slave.smallestGapMs >= 1.75, `${slave.smallestGapMs} ms between two frames`)
    for (const waitMs of waits.slice(0, 2)) assert(waitMs < 500, `${waitMs} ms for a reading`)
    assert.equal(slave.connections, 1)
  })

  it('a late answer of one is not taken for that of another, and does not harm it', async () => {
    const { slave, link } = await lines.serial()
    const slow = await lines.ready(link, { unit: 1, timeoutMs: 60 })
    const other = await lines.ready(link, { unit: 2, timeoutMs: 400 })
    slave.lateMs = 100
    slave.behave = ({ unit }) => (unit === 1 ? 'late' : 'answer')
    const asked = slow.read('hr', 100, 50)
    await until('the request', () => slave.requests.length > 0)
    const outcome = await asked
    assert(outcome.kind === 'failed' && outcome.fault === 'timeout')
    // The slow one's answer comes in the middle of this one's wait.
    slave.behave = () => 'late'
    assert.deepEqual(wordsIn(await other.read('hr', 100, 50)), wordsOf(2, 100, 50))
    assert.equal(slow.counters.late, 1)
    assert.equal(other.counters.garbage, 0)
  })

  it('a command goes before all readings that wait', async () => {
    const { slave, link } = await lines.serial()
    const commanded = await lines.ready(link, { unit: 1, commandAt: 1100 })
    const others = await Promise.all([2, 3, 4].map((unit) => lines.ready(link, { unit })))
    slave.lateMs = 30
    slave.behave = () => 'late'
    const readings = others.map((transport) => transport.read('hr', 1, 1))
    await until('the first request', () => slave.requests.length === 1)
    const outcome = await commanded.writeBlock(block, performance.now() + 1000)
    await Promise.all(readings)
    assert.equal(outcome.kind, 'answered')
    assert.deepEqual(
      slave.requests.map(({ functionCode }) => functionCode),
      [3, 16, 3, 3],
    )
  })

  it('a command that does not get the bus in time never leaves', async () => {
    const { slave, link } = await lines.serial()
    const commanded = await lines.ready(link, { unit: 1, commandAt: 1100 })
    const other = await lines.ready(link, { unit: 2, timeoutMs: 200 })
    slave.behave = () => 'silent'
    const reading = other.read('hr', 1, 1)
    await until('the first request', () => slave.requests.length === 1)
    const dropped = [
      await commanded.writeBlock(block),
      await commanded.writeBlock(block, performance.now() - 1),
      await commanded.writeBlock(block, performance.now() + 50),
    ]
    for (const outcome of dropped) {
      assert(outcome.kind === 'failed' && !outcome.left)
      assert.equal(outcome.detail, 'the bus is busy')
    }
    await reading
    slave.behave = () => 'answer'
    assert.equal((await commanded.writeBlock(block)).kind, 'answered')
    assert.equal(slave.writes.length, 1)
  })

  it('one that is closed leaves the line to the others, and the last one closes it', async () => {
    const { slave, link } = await lines.serial()
    const first = await lines.ready(link, { unit: 1 })
    const second = await lines.ready(link, { unit: 2 })
    slave.behave = () => 'silent'
    const asked = first.read('hr', 1, 1)
    await until('the request', () => slave.requests.length === 1)
    await first.close()
    assert.equal((await asked).kind, 'failed')
    slave.behave = () => 'answer'
    assert.deepEqual(wordsIn(await second.read('hr', 5, 2)), wordsOf(2, 5, 2))
    await second.close()
    const again = await lines.ready(link, { unit: 1 })
    assert.deepEqual(wordsIn(await again.read('hr', 5, 2)), wordsOf(1, 5, 2))
  })

  it('must all name the same speed and parity', async () => {
    const { link } = await lines.serial()
    await lines.ready(link)
    const other = serialLink(link.device, { baud: 9600 })
    assert.throws(() => lines.open(other, { unit: 2 }), /two kinds of line parameters/)
  })
})

describe('a bus whose line is watched', () => {
  const watched = (silentMs: number, discardMs: number) => {
    const sent: Buffer[] = []
    let events: CableEvents | undefined
    const cable: Cable = {
      send(frame) {
        sent.push(frame)
        const answer = frame[1] === 3 ? [1, 3, 2, 0x12, 0x34] : [...frame.subarray(0, 6)]
        setImmediate(() => events?.received(seal(answer)))
      },
      discard: () => new Promise((resolve) => setTimeout(resolve, discardMs)),
      end(why) {
        events?.down(why)
        events?.ended()
      },
    }
    const open = (given: CableEvents): Cable => {
      events = given
      setImmediate(() => given.opened())
      return cable
    }
    const backoff = { firstMs: 1, longestMs: 1 }
    const options = { name: 'bus', backoff, silentMs, holdsBack: false, listenMs: 0, open }
    const bus = new SerialBus(options, () => performance.now())
    const seat = bus.join(1, newCounters())
    return {
      sent,
      babble: () => events?.received(Buffer.from([0x55])),
      ask: async (request: Buffer, leaveByMs?: number): Promise<string> => {
        await until('the line', () => bus.obstacle(1) === undefined)
        const urgent = leaveByMs === undefined ? {} : { leaveByMs }
        return new Promise((resolve) => {
          const settle: Question['settle'] = (ending) =>
            resolve(ending.kind === 'failed' ? ending.detail : 'answered')
          bus.ask(seat, { foreseen: foresee(request), timeoutMs: 100, ...urgent, settle })
        })
      },
      close: () => {
        bus.leave(seat)
        return bus.close()
      },
    }
  }
  const reading = seal([1, 3, 0, 0, 0, 1])

  it('fails the readings that wait while it is never silent, and carries them when it falls silent', async () => {
    const { sent, babble, ask, close } = watched(100, 0)
    babble()
    const babbling = setInterval(babble, 1)
    const first = await ask(reading)
    clearInterval(babbling)
    const sentMeanwhile = sent.length
    const second = await ask(reading)
    await close()
    assert.deepEqual([first, sentMeanwhile], ['the bus is never silent', 0])
    assert.equal(second, 'answered')
  })

  it('sends no command whose time is over when the bus is ready at last', async () => {
    const { sent, ask, close } = watched(0, 60)
    const command = seal([1, 16, 0x04, 0x4c, 0, 1, 2, 0xc5, 0x01])
    const late = await ask(command, performance.now() + 30)
    const sentMeanwhile = sent.length
    const inTime = await ask(command, performance.now() + 2000)
    await close()
    assert.deepEqual([late, sentMeanwhile], ['the bus is busy', 0])
    assert.deepEqual([inTime, sent.length], ['answered', 1])
  })
})

describe('the order on a bus', () => {
  const question = (options: Partial<Question> = {}): Question => ({
    foreseen: foresee(seal([1, 3, 0, 0, 0, 1])),
    timeoutMs: 100,
    settle: () => undefined,
    ...options,
  })
  const queueOf = (units: readonly number[]): { queue: BusQueue; seats: readonly Seat[] } => {
    const queue = new BusQueue()
    const seats = units.map((unit) => ({ unit, counters: newCounters(), question: question() }))
    queue.seats.push(...seats)
    return { queue, seats }
  }
  const serve = (queue: BusQueue, nowMs: number): number | undefined => {
    const seat = queue.next(nowMs)
    if (seat !== undefined) queue.served(seat)
    return seat?.unit
  }

  it('is one after the other, whoever asks most', () => {
    const { queue } = queueOf([7, 8, 9])
    assert.deepEqual(
      Array.from({ length: 7 }, () => serve(queue, 0)),
      [7, 8, 9, 7, 8, 9, 7],
    )
  })
  it('leaves out who has nothing to ask, and who may answer late', () => {
    const { queue, seats } = queueOf([7, 8, 9])
    const [seven] = seats
    assert(seven !== undefined)
    seven.question = undefined
    queue.hush(8, 50)
    assert.deepEqual([serve(queue, 0), serve(queue, 49), serve(queue, 50)], [9, 9, 8])
    seven.question = question()
    queue.hush(7, 90)
    queue.hush(9, 80)
    assert.equal(queue.nextChangeMs(), 80)
  })
  it('puts a command before every reading, and takes it out when its time is over', () => {
    const { queue, seats } = queueOf([7, 8, 9])
    const nine = seats[2]
    assert(nine !== undefined)
    nine.question = question({ leaveByMs: 20 })
    assert.equal(queue.next(0)?.unit, 9)
    assert.equal(queue.takeLate(20).length, 0)
    assert.equal(queue.takeLate(21).length, 1)
    assert.equal(nine.question, undefined)
    assert.equal(queue.next(21)?.unit, 7)
  })
  it('stays the same for the others when one leaves', () => {
    const { queue, seats } = queueOf([6, 7, 8, 9])
    const [six] = seats
    assert(six !== undefined)
    assert.deepEqual([serve(queue, 0), serve(queue, 0)], [6, 7])
    queue.leave(six)
    assert.deepEqual([serve(queue, 0), serve(queue, 0), serve(queue, 0)], [8, 9, 7])
  })
})

/** Reads without a pause until `endMs`, and checks every value; resolves to the longest time that a reading took. */
async function pollUntil(endMs: number, transport: RtuTransport, unit: number): Promise<number> {
  let longestMs = 0
  for (let address = 0; performance.now() < endMs; address++) {
    const startMs = performance.now()
    const outcome = await transport.read('hr', address, 10)
    if (outcome.kind === 'answered') {
      assert.deepEqual(wordsIn(outcome), wordsOf(unit, address, 10))
      longestMs = Math.max(longestMs, performance.now() - startMs)
    }
  }
  return longestMs
}

function wordsIn(outcome: Outcome): readonly number[] {
  assert(outcome.kind === 'answered', outcome.kind === 'failed' ? outcome.detail : '')
  const bytes = Buffer.from(outcome.bytes)
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(2 * index))
}

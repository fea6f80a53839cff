// The commands about alarms: what they list, in which order, and what they order; nothing critical is acknowledged unread.

import assert from 'node:assert/strict'
import { alarmLines, rateLines } from '../../src/cli/alarm-text.ts'
import { makePaint } from '../../src/cli/paint.ts'
import type { AlarmView } from '../../src/core/alarms/shown.ts'
import { bumpless, logInAs } from './command.ts'
import { type PracticeService, startPracticeService } from './practice-service.ts'
import { sampleAlarm, sampleView } from './sample-plant.ts'

const paint = makePaint({ colour: false, ascii: true })
const atMs = sampleAlarm.raisedWallMs
const alarm = (id: string, change: Partial<AlarmView>): AlarmView => {
  const [source = '', key = ''] = id.split(':')
  return { ...sampleAlarm, id, source, key, runbook: `docs/runbooks/${key}.md`, ...change }
}
const root = alarm('ups-1:ups-low', { priority: 1, condition: 'battery low' })
const child = alarm('intake.A:lost', { pair: 'intake', under: root.id, condition: 'no answer' })
const low = alarm('filters:observe', { priority: 4, condition: 'observe-only' })
const quiet = alarm('intake.A lan-1:path-down', {
  ...({ state: 'suppressed', pair: 'intake', priority: 3 } as const),
  suppressed: { by: 'no path reaches intake.A' },
})
const shelved = alarm('ups-2:ups-lost', {
  ...({ state: 'shelved', priority: 3 } as const),
  shelved: { by: 'anna', reason: 'card is replaced', untilWallMs: atMs + 20 * 60_000 },
})
const retired = alarm('ups-2:ups-battery', {
  ...({ state: 'out of service', priority: 3, active: false } as const),
  outOfService: { by: 'bert', reason: 'battery ordered', wallMs: atMs },
})

describe('the list of alarms', () => {
  const text = (...alarms: AlarmView[]) =>
    alarmLines(alarms, { width: 120, paint }, atMs).join('\n')

  it('begins with the root of what is most urgent, its children in one line each', () => {
    const lines = text(low, child, root).split('\n')
    assert.match(lines[0] ?? '', /^\[1\] critical NOT ACKNOWLEDGED .* id ups-1:ups-low$/)
    const at = lines.findIndex((line) => line.startsWith('    + [2] high NOT ACKNOWLEDGED'))
    assert.ok(at > 0 && at < lines.findIndex((line) => line.includes('id filters:observe')))
    assert.match(text(root), /runbook: docs\/runbooks\/ups-low\.md/)
  })

  it('sorts a root by the worst of its group, so that nothing critical hides below', () => {
    const mild = alarm('lan-1:lan-down', { priority: 2 })
    const grave = alarm('intake:primary-lost', { priority: 1, under: mild.id })
    const other = alarm('ups-1:ups-on-battery', { priority: 2, raisedWallMs: atMs + 1000 })
    const lines = text(other, mild, grave).split('\n')
    assert.match(lines[0] ?? '', /id lan-1:lan-down$/)
  })

  it('shows a child in full when its root is not in the list', () => {
    assert.match(text(child), /^\[2\] high NOT ACKNOWLEDGED .*\n {4}intake\.A: no answer/)
  })

  it('ends with what was put aside: by whom, why, and for how long', () => {
    const told = text(root, shelved, retired, quiet)
    const [, aside = ''] = told.split('put aside:\n')
    assert.match(aside, /ups-2:ups-lost shelved by anna, back in 20 min: card is replaced/)
    assert.match(
      aside,
      /ups-2:ups-battery out of service since .* by bert: battery ordered, does not/,
    )
    assert.match(aside, /path-down suppressed while no path reaches intake\.A/)
  })

  it('shows what was said about an alarm', () => {
    const said = { by: 'carl', text: 'on site at nine', wallMs: atMs }
    assert.match(text({ ...root, comments: [said] }), /said: \d\d:\d\d:\d\d carl: on site at nine/)
  })
})

describe('the rates of alarms, as text', () => {
  it('name what rang most, beside what one person can follow', () => {
    const { alarmRates } = sampleView()
    const lastDay = {
      ...{ raised: 20, perHour: 0.8, peakHour: 12, peak10Min: 11 },
      perPriority: { 1: 1, 2: 3, 3: 10, 4: 6 },
      top: [{ id: 'intake.B:lost', raised: 9 }],
    }
    const stale = [{ id: 'ups-1:ups-battery', raisedWallMs: atMs - 3 * 86_400_000 }]
    const rates = { ...alarmRates, lastDay, chattering: ['intake.B:lost'], stale }
    const lines = rateLines(rates, { width: 100, paint }, atMs).join('\n')
    assert.match(lines, /last day +20 +0\.8 +12 +11 +5 % +15 % +80 %/)
    assert.match(lines, /aim +6 +10 +5 % +15 % +80 %/)
    assert.match(lines, / 9 {2}intake\.B:lost/)
    assert.match(lines, /chattering:\n {2}intake\.B:lost/)
    assert.match(lines, /ups-1:ups-battery, for 3 d/)
  })
})

describe('the orders about alarms', function () {
  this.timeout(30_000)
  let service: PracticeService
  const run = (...words: string[]) => bumpless(service.environment, ['alarms', ...words])
  before(async () => {
    service = await startPracticeService()
    await logInAs(service)
    service.changeView({ alarms: [root, child, low, quiet, shelved, retired] })
  })
  after(() => service.stop())
  beforeEach(() => void service.orders.splice(0))
  const ordered = () =>
    service.orders.map((order) => ('alarm' in order ? `${order.kind} ${order.alarm}` : order.kind))

  it('acknowledge all that wait, but nothing critical, and say what is left', async () => {
    const { code, out } = await run('ack', 'all', '--comment', 'seen')
    assert.equal(code, 0)
    assert.deepEqual(ordered(), ['acknowledge intake.A:lost', 'acknowledge filters:observe'])
    assert.match(out, /ups-1:ups-low: critical, not acknowledged; name it/)
  })

  it('acknowledge several by id, critical ones too', async () => {
    assert.equal((await run('ack', root.id, low.id)).code, 0)
    assert.deepEqual(ordered(), [`acknowledge ${root.id}`, `acknowledge ${low.id}`])
  })

  it('acknowledge what waits on one pair', async () => {
    assert.equal((await run('ack', '--pair', 'intake')).code, 0)
    assert.deepEqual(ordered(), ['acknowledge intake.A:lost'])
    assert.equal((await run('ack')).code, 2)
  })

  it('shelve for a fixed time, for minutes, until the shift ends, or take back', async () => {
    const times: readonly (readonly [readonly string[], number | 'shift'])[] = [
      [['--for', '15m'], 15],
      [['--for', '4h'], 240],
      [['--for', 'shift'], 'shift'],
      [['--minutes', '90'], 90],
      [['--back'], 0],
    ]
    for (const [words] of times)
      assert.equal((await run('shelve', low.id, ...words, '--reason', 'x')).code, 0)
    assert.deepEqual(
      service.orders.map((order) => order.kind === 'shelve' && order.minutes),
      times.map(([, minutes]) => minutes),
    )
    for (const words of [[], ['--for', '2h'], ['--minutes', '481'], ['--for', '1h', '--back']])
      assert.equal((await run('shelve', low.id, ...words, '--reason', 'x')).code, 2)
  })

  it('take out of service only with a reason, and only by a supervisor', async () => {
    assert.equal((await run('out-of-service', low.id)).code, 2)
    const refused = await run('out-of-service', low.id, '--reason', 'x')
    assert.equal(refused.code, 1)
    assert.match(refused.error + refused.out, /needs the role supervisor/)
    assert.deepEqual(ordered(), [])
  })

  it('keep what is said about an alarm', async () => {
    assert.equal((await run('comment', low.id, 'meant, until spring')).code, 0)
    assert.deepEqual(ordered(), [`comment ${low.id}`])
  })

  it('list by pair, state and priority, and count what is hidden', async () => {
    const idsOf = async (...words: string[]) => {
      const { out } = await run('--json', ...words)
      return (JSON.parse(out) as AlarmView[]).map(({ id }) => id)
    }
    assert.deepEqual(await idsOf('--pair', 'intake'), [child.id])
    assert.deepEqual(await idsOf('--shelved'), [shelved.id])
    assert.deepEqual(await idsOf('--state', 'out-of-service'), [retired.id])
    assert.deepEqual(await idsOf('--priority', '1'), [root.id])
    assert.equal((await idsOf('--all')).length, 6)
    assert.match((await run()).out, /3 ask for something; .*; 1 more with --all/)
    assert.equal((await run('--state', 'loud')).code, 2)
    assert.equal((await run('rates')).code, 0)
  })
})

import assert from 'node:assert/strict'
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ScrapeSettings } from '../../src/core/http-settings.ts'
import { openCycleTimes } from '../../src/serve/cycle-times.ts'
import { metrics } from '../../src/serve/web/metrics.ts'
import { startWeb, type Web } from '../../src/serve/web/server.ts'
import { clientOf, logIn, noSelf, openDoorParts } from './fixture.ts'
import { alarmOf, pairOf, proposedPair, switchoverOf, unitOf, viewOf } from './view.ts'

const token = 'a token of the scraper'.replaceAll(' ', '-')

describe('the metrics', () => {
  let parts: Awaited<ReturnType<typeof openDoorParts>>
  let web: Web
  beforeEach(async () => {
    parts = await openDoorParts()
    const path = {
      ...{
        name: 'lan-1',
        protocol: 'modbus',
        address: 'tcp://10.1.0.11:502',
        state: 'spare' as const,
      },
      ...{ detail: '', lossPct: 2, sinceMs: 1 },
    }
    const shift = { by: 'anna', sinceWallMs: 1_772_000_000_000, note: '', seen: 1, news: 0 }
    const ended = { id: 'dosing-1', kind: 'planned', outcome: 'done', text: 'done' } as const
    const steps = [{ text: 'one', state: 'ok', limitMs: 100, tookMs: 40 }] as const
    parts.board.publish(
      viewOf({
        shift,
        alarms: [alarmOf('a'), alarmOf('b'), alarmOf('c', { priority: 1 })],
        pairs: [
          proposedPair('intake-1', switchoverOf('intake-1')),
          pairOf('filters', {
            pairState: 'both primary',
            ready: false,
            sync: { verdict: 'cannot tell', sinceMs: 0, coveragePct: 0, sentence: '' },
            lockout: { by: 'bert', reason: 'work', wallMs: 1 },
          }),
          pairOf('dosing', {
            units: {
              A: unitOf('dosing', 'A', { paths: [path] }),
              B: unitOf('dosing', 'B', { presence: 'lost' }),
            },
            lastEnded: [{ ...ended, steps, endedWallMs: 1_772_000_000_000 }],
          }),
        ],
      }),
    )
  })
  afterEach(async () => {
    await web.close()
    parts.access.close()
    await parts.remove()
  })
  const start = async (scrape?: ScrapeSettings): Promise<void> => {
    web = await startWeb({
      ...parts,
      ...{ host: '127.0.0.1', port: 0, pairNames: [], self: noSelf },
      about: { site: 'Westhaven', version: '1' },
      journal: { read: () => [], head: () => ({ seq: 7, hash: '' }) },
      ...(scrape && { metrics: scrape }),
    })
  }
  const scrape = async (headers: Record<string, string> = {}) =>
    clientOf(web.url, undefined).get('/metrics', headers)

  it('are for nobody without a session, unless the plant file says so', async () => {
    await start()
    assert.equal((await scrape()).status, 401)
    assert.equal((await scrape({ authorization: `Bearer ${token}` })).status, 401)
    const olga = await logIn(web.url, 'olga')
    const seen = await olga.get('/metrics')
    assert.equal(seen.status, 200)
    assert.match(seen.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
  })

  it('are for the scraper that has the token, and the token opens nothing else', async () => {
    const tokenFile = join(parts.folder, 'scrape-token')
    writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 })
    await start({ tokenFile, openHere: false })
    const authorization = `Bearer ${token}`
    assert.equal((await scrape()).status, 401)
    assert.equal((await scrape({ authorization: `${authorization}x` })).status, 401)
    assert.equal((await scrape({ authorization })).status, 200)
    assert.equal((await clientOf(web.url, token).get('plant')).status, 401)
    chmodSync(tokenFile, 0o644)
    assert.equal((await scrape({ authorization })).status, 401, 'others can read the token')
  })

  it('are for everybody on this machine where the plant file says so, but not through a proxy on it', async () => {
    await start({ openHere: true })
    assert.equal((await scrape()).status, 200)
    assert.equal((await scrape({ 'x-forwarded-for': '10.1.0.9' })).status, 401)
  })

  it('say what the view says, and leave out what is not known', async () => {
    await start({ openHere: true })
    const { text } = await scrape()
    const value = (line: string): string | undefined =>
      text
        .split('\n')
        .find((one) => one.startsWith(`${line} `))
        ?.split(' ')
        .at(-1)
    assert.equal(value('bumpless_pair_ready{pair="dosing"}'), '1')
    assert.equal(value('bumpless_pair_ready{pair="filters"}'), '0')
    assert.equal(value('bumpless_pair_primaries{pair="filters"}'), '2')
    assert.equal(value('bumpless_pair_in_sync{pair="dosing"}'), '1')
    assert.equal(value('bumpless_pair_in_sync{pair="filters"}'), undefined)
    assert.equal(value('bumpless_pair_locked_out{pair="filters"}'), '1')
    assert.equal(value('bumpless_pair_prompt_open{pair="intake"}'), '1')
    assert.equal(value('bumpless_unit_answering{pair="dosing",unit="B"}'), '0')
    assert.equal(value('bumpless_unit_primary{pair="dosing",unit="A"}'), '1')
    assert.equal(
      value('bumpless_pair_last_switchover_duration_seconds{pair="dosing",outcome="done"}'),
      '0.04',
    )
    assert.equal(value('bumpless_ups_charge_ratio{ups="ups-1"}'), '0.98')
    assert.equal(value('bumpless_ups_on_mains{ups="ups-1"}'), '1')
    assert.equal(value('bumpless_journal_head_record'), '7')
    assert.match(text, /bumpless_alarms\{priority="2",state="unacknowledged"\} 2/)
    assert.match(
      text,
      /bumpless_info\{version="1",site="Westhaven water works",mode="supervise"\} 1/,
    )
  })

  it('are all there, each with its meaning, and no dashboard names one that is not', async () => {
    await start({ openHere: true })
    await logIn(web.url, 'olga')
    const { text } = await scrape()
    for (const [name, help] of Object.entries(metrics)) {
      assert(text.includes(`# HELP ${name} ${help}`), `${name} is not scraped`)
    }
    const folder = resolve('config/grafana')
    const boards = readdirSync(folder).filter((name) => name.endsWith('.json'))
    assert.deepEqual(boards.sort(), ['overview.json', 'pair.json', 'supervisor.json'])
    const scraped = new Set(text.split('\n').map((line) => /^(bumpless_\w+)/.exec(line)?.[1]))
    for (const name of boards) {
      const named = readFileSync(join(folder, name), 'utf8').match(/bumpless_\w+/g) ?? []
      assert(named.length > 5, `${name} shows little`)
      for (const metric of named)
        assert(scraped.has(metric), `${name} names ${metric}: not scraped`)
    }
  })
})

describe('the times of the cycle', () => {
  it('are the median, the 99th of a hundred and the worst of the newest three thousand', () => {
    const times = openCycleTimes()
    assert.deepEqual(times.figures().lateMs, { p50: 0, p99: 0, max: 0 })
    for (let count = 0; count < 1_000; count++) times.note(9_999, 9_999)
    for (let count = 1; count <= 3_000; count++) times.note(count, 3_001 - count)
    const { cycles, lateMs, tookMs } = times.figures()
    assert.equal(cycles, 4_000)
    assert.deepEqual(lateMs, { p50: 1_500, p99: 2_970, max: 3_000 })
    assert.deepEqual(tookMs, lateMs)
  })
})

// `npm run bench:pages`: what browsers that look at a large plant cost the cycle of the supervisor, and how quickly the overview answers a
// person. Phases without and with browsers take turns in one run. The streams are read as a browser's shared worker reads them, one for
// each browser; one real Chromium shows the overview.

import { Command } from 'commander'
import type { Browser } from 'playwright-core'
import { latenessOf, type Phase } from '../load/load-report.ts'
import { start } from '../load/process.ts'
import type { FromService, ServiceOptions, ToService } from '../load/service-messages.ts'
import { password, people } from '../serve/fixture.ts'
import { startBrowser } from './browser.ts'
import { measureLag } from './lag.ts'

const options = new Command('bench:pages')
  .option('--pairs <number>', 'pairs of the plant', Number, 300)
  .option('--tags <number>', 'tags of each pair', Number, 20)
  .option('--browsers <number>', 'browsers', Number, 20)
  .option('--seconds <number>', 'length of a phase', Number, 20)
  .option('--rounds <number>', 'phases without and with browsers', Number, 3)
  .parse()
  .opts<Record<'pairs' | 'tags' | 'browsers' | 'seconds' | 'rounds', number>>()

const settleMs = 10_000
const pressesWanted = 60
const changesWanted = 100
/** One scan, one cycle and 250 ms. */
const lagMax = 200 + 100 + 250

const service = start<ToService, FromService>('../load/service.ts', {
  ...{ pairs: options.pairs, tags: options.tags, door: false, web: true },
} satisfies ServiceOptions)
const { webUrl } = await service.hear('ready')
await pause(settleMs)
const idle: Phase[] = []
const loaded: Phase[] = []
let bytes = 0
for (let round = 0; round < options.rounds; round += 1) {
  idle.push(await phase())
  loaded.push(await watchedPhase())
}
const browser = await startBrowser()
const presses = await pressKeys(browser)
await service.end({ kind: 'end' })
const lags = await measureLag(browser, changesWanted)
await browser.close()
report()

async function phase(): Promise<Phase> {
  await figures()
  await pause(options.seconds * 1_000)
  return { service: await figures() }
}

/** One stream for each browser: that is all that a browser costs while nobody does anything. */
async function watchedPhase(): Promise<Phase> {
  const leaving = new AbortController()
  const reading = await Promise.all(
    Array.from({ length: options.browsers }, async () => read(await logIn(), leaving.signal)),
  )
  await pause(2_000)
  bytes = 0
  const seen = await phase()
  leaving.abort()
  await Promise.allSettled(reading.map(({ over }) => over))
  await pause(1_000)
  return seen
}

async function logIn(): Promise<string> {
  const response = await fetch(`${webUrl}/api/v1/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: people.observer, password }),
  })
  const { token } = (await response.json()) as { token: string }
  return token
}

async function read(token: string, signal: AbortSignal) {
  const headers = { authorization: `Bearer ${token}` }
  const { body } = await fetch(`${webUrl}/api/v1/events`, { headers, signal })
  const over = (async () => {
    for await (const chunk of body ?? []) bytes += chunk.length
  })()
  over.catch(() => undefined)
  return { over }
}

/** From a key to the next picture, ms, as the browser measures it, with the overview of the whole plant changing under it. */
async function pressKeys(
  browser: Browser,
): Promise<{ readonly ms: readonly number[]; readonly pairs: number }> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  await page.goto(webUrl)
  await page.getByLabel('User name').fill(people.observer)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page
    .locator('main li a')
    .nth(options.pairs - 1)
    .waitFor()
  await page.evaluate(() => {
    const seen: number[] = []
    Object.assign(globalThis, { seen })
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'keydown') seen.push(entry.duration)
    })
    observer.observe({
      type: 'event',
      durationThreshold: 16,
      buffered: false,
    } as PerformanceObserverInit)
  })
  for (let press = 0; press < pressesWanted; press += 1) {
    await page.keyboard.press(press % 2 === 0 ? '4' : '1')
    await pause(130)
  }
  const ms = await page.evaluate(() => (globalThis as unknown as { seen: number[] }).seen)
  const pairs = await page.locator('main li a.tile, main li a.row').count()
  await page.close()
  // What took less than 16 ms is not reported by the browser.
  return { ms: [...ms, ...Array.from({ length: pressesWanted - ms.length }, () => 16)], pairs }
}

function report(): void {
  const [without, watched] = [latenessOf(idle), latenessOf(loaded)]
  const ratio = watched.p99 / without.p99
  const perSecond = bytes / options.browsers / options.seconds / 1_000
  const press = quantiles(presses.ms)
  const lag = quantiles(lags)
  process.stdout.write(
    [
      `${options.pairs} pairs of ${options.tags} tags that all move once a second; ${options.browsers} browsers.`,
      `end of the cycle after its time, ms: without p50 ${without.p50.toFixed(1)}, p99 ${without.p99.toFixed(1)}; with p50 ${watched.p50.toFixed(1)}, p99 ${watched.p99.toFixed(1)}; ratio of p99 ${ratio.toFixed(2)}`,
      `each browser receives ${perSecond.toFixed(0)} kB/s`,
      `overview of ${presses.pairs} links: key to picture, ms: ${press.text} (goal: p95 under 100: ${press.p95 < 100 ? 'met' : 'MISSED'})`,
      `register to picture, ms: ${lag.text} (goal: p95 at most ${lagMax}: ${lag.p95 <= lagMax ? 'met' : 'MISSED'})`,
      '',
    ].join('\n'),
  )
}

function quantiles(ms: readonly number[]) {
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)
  return { p95: at(0.95), text: `p50 ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)}` }
}

async function figures() {
  service.send({ kind: 'figures' })
  return (await service.hear('figures')).figures
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}

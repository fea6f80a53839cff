// The journal in a real browser: what it shows, finds, pages through and exports is what the service has.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { Browser, Locator } from 'playwright-core'
import type { JournalRecord } from '../../src/core/cycle.ts'
import { type Rig, startRig } from '../whole/rig.ts'
import { Desk, startBrowser } from './browser.ts'

describe('the journal page', function () {
  this.timeout(90_000)
  let rig: Rig
  let browser: Browser
  let desk: Desk

  before(async () => {
    rig = await startRig({ pairs: ['intake', 'filters'] })
    browser = await startBrowser()
    await rig.fault('ups-1', 'on_battery')
    await rig.waitFor('the alarm', async () => {
      return (await rig.view()).alarms.some(({ key }) => key === 'ups-on-battery')
    })
    await rig.token('bert')
    // Enough for several pages.
    const said = Array.from({ length: 450 }, (_, index) => `remark ${index}`)
    for (let from = 0; from < said.length; from += 10) {
      const part = said.slice(from, from + 10)
      for (const { status } of await Promise.all(part.map(say))) assert.equal(status, 200)
    }
  })
  beforeEach(async () => {
    desk = await Desk.open(browser, { url: rig.service.url, user: 'anna' })
    await desk.go('journal')
    await rows().first().waitFor()
  })
  afterEach(async () => {
    desk.assertNoComplaints()
    await desk.close()
  })
  after(async () => {
    await browser?.close()
    await rig?.stop()
  })

  const commentPath = `alarms/${encodeURIComponent('ups-1:ups-on-battery')}/comment`
  const say = (comment: string) => rig.order(commentPath, { comment }, 'bert')
  const rows = (): Locator => desk.page.locator('table.records tbody tr')
  const rowOf = (text: string): Locator => rows().filter({ hasText: text })

  /** All records, or those of a pair, as the service gives them. */
  async function everything(pair?: string): Promise<JournalRecord[]> {
    const records: JournalRecord[] = []
    for (;;) {
      const after = records.at(-1)?.seq ?? 0
      const query = `after=${after}&limit=1000${pair === undefined ? '' : `&pair=${pair}`}`
      const response = await fetch(`${rig.service.url}/api/v1/journal?${query}`, {
        headers: { authorization: `Bearer ${await rig.token('olga')}` },
      })
      const page = (await response.json()) as { records: JournalRecord[] }
      if (page.records.length === 0) return records
      records.push(...page.records)
    }
  }

  it('shows the newest first, and what is recorded while it is open', async () => {
    const newest = (await everything()).at(-1)
    assert.ok(newest)
    assert.ok((await rows().first().innerText()).includes(newest.text))
    await rig.order('pairs/filters/lockout', { on: true, reason: 'gearbox is open' })
    await rowOf('gearbox is open').first().waitFor()
    await desk.page.getByText('Hash chain').click()
    await desk.page
      .locator('.chain code')
      .filter({ hasText: /^[0-9a-f]{64}$/ })
      .waitFor()
  })

  it('is narrowed by pair, kind, person and text together', async () => {
    const { page } = desk
    await page.getByLabel('Kind').selectOption('alarm')
    await page.getByLabel('Person').fill('bert')
    await page.getByLabel('Text').fill('remark 17')
    const found = (await everything()).filter(({ text }) => text.includes('remark 17'))
    assert.equal(found.length, 11)
    await rig.waitFor('the rows that fit', async () => (await rows().count()) === found.length)
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    await page.getByLabel('Pair').selectOption('filters')
    const ofPair = await everything('filters')
    await rig.waitFor('the rows of the pair', async () => {
      return (await rows().count()) === ofPair.length
    })
  })

  it('goes back to the beginning, page by page', async () => {
    const older = desk.page.getByRole('button', { name: /^Older than record/ })
    for (let pages = 1; await older.isVisible(); pages += 1) {
      await older.click()
      await rig.waitFor('the next page', async () => {
        const reading = await desk.page.getByText('Reading the journal.').isVisible()
        return !reading && (await rows().count()) > pages * 200
      })
    }
    const shown = await rows().locator('th').allInnerTexts()
    const { length } = await everything()
    assert.deepEqual(
      shown.map(Number),
      Array.from({ length }, (_, index) => length - index),
    )
  })

  it('finds a time', async () => {
    const records = await everything()
    const [first, last] = [records[0], records.at(-1)]
    assert.ok(first && last)
    const [from, to] = ['From', 'To'].map((name) => desk.page.getByLabel(name, { exact: true }))
    await to?.fill(localMinute(first.wallMs - 60_000))
    await desk.page.getByText('No record fits.').waitFor()
    await to?.fill(localMinute(first.wallMs))
    await from?.fill(localMinute(first.wallMs))
    const isInside = ({ wallMs }: JournalRecord) =>
      localMinute(wallMs) === localMinute(first.wallMs)
    await rowOf(records.findLast(isInside)?.text ?? '')
      .first()
      .waitFor()
    await to?.fill('')
    await from?.fill(localMinute(last.wallMs + 120_000))
    await desk.page.getByText('No record fits.').waitFor()
  })

  it('exports in JSON exactly what the service has of a pair, oldest first', async () => {
    await desk.page.getByLabel('Pair').selectOption('intake')
    const before = await everything('intake')
    const exported = JSON.parse(await download('Export JSON')) as JournalRecord[]
    // The supervisor goes on recording while it is exported.
    assert.ok(exported.length >= before.length && before.length > 0)
    assert.deepEqual(exported, (await everything('intake')).slice(0, exported.length))
  })

  it('exports every record in CSV, one line for each', async () => {
    const before = await everything()
    const lines = (await download('Export CSV')).trimEnd().split('\r\n')
    const records = (await everything()).slice(0, lines.length - 1)
    assert.ok(records.length >= before.length)
    assert.equal(lines[0], 'seq,time,kind,pair,actor,text,data')
    assert.deepEqual(
      lines.slice(1).map((line) => line.split(',').slice(0, 3)),
      records.map(({ seq, wallMs, kind }) => [`${seq}`, new Date(wallMs).toISOString(), kind]),
    )
  })

  async function download(button: string): Promise<string> {
    const waiting = desk.page.waitForEvent('download')
    await desk.page.getByRole('button', { name: button }).click()
    return readFile(await (await waiting).path(), 'utf8')
  }
})

const two = (value: number): string => String(value).padStart(2, '0')

function dayText(wallMs: number): string {
  const at = new Date(wallMs)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** As the browser's field for a time wants it. */
function localMinute(wallMs: number): string {
  const at = new Date(wallMs)
  return `${dayText(wallMs)}T${two(at.getHours())}:${two(at.getMinutes())}`
}

// Trends in a browser: what was before the page was opened comes from the history, as a chart, a sentence and a table.

import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { type Rig, startRig } from '../whole/rig.ts'
import { freePort } from '../whole/service.ts'
import { Desk, startBrowser } from './browser.ts'

describe('Trends of a UPS', function () {
  this.timeout(90_000)
  let rig: Rig
  let browser: Browser
  let desk: Desk
  before(async () => {
    rig = await startRig({ opcuaPort: await freePort() })
    browser = await startBrowser()
    await rig.fault('ups-1', 'on_battery')
    await rig.waitFor('the battery to be used', async () =>
      (await rig.view()).ups.some(({ chargePct }) => chargePct !== undefined && chargePct < 100),
    )
    await rig.waitFor('the history to have it', async () => {
      const { status, text } = await rig.read('history?series=Power.ups-1.ChargePct&spanMs=600000')
      return status === 200 && /\[\d+,9\d/.test(text)
    })
    desk = await Desk.open(browser, { url: rig.service.url, user: 'olga' })
  })
  after(async () => {
    await browser.close()
    await rig.stop()
  })

  it('show what was before the page was opened', async () => {
    await desk.go('power')
    const trend = desk.page.getByRole('figure', { name: 'Charge and load of ups-1' })
    await trend.getByText(/Charge 9\d(\.\d+)? %, from 9\d(\.\d+)? to 100/).waitFor()
    await trend.getByRole('button', { name: 'Show as a table' }).click()
    const rows = trend.getByRole('row')
    await rows.nth(3).waitFor()
    assert.match((await rows.nth(1).textContent()) ?? '', /9\d/)
    desk.assertNoComplaints()
  })

  it('say so where nothing is kept', async () => {
    const { status, text } = await rig.read('history?series=Power.nothing.There&spanMs=600000')
    assert.equal(status, 200)
    assert.match(text, /null|\[\]/)
    const bad = await rig.read('history?series=x&spanMs=5')
    assert.equal(bad.status, 400)
  })
})

// How every page stands before people: readable and usable for everybody by axe-core in both themes, in every size of window, without a
// complaint of the browser.

import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { themes } from '../../src/hmi/palette.ts'
import { type Rig, startRig } from '../whole/rig.ts'
import { Desk, startBrowser } from './browser.ts'

/** Address of each page, and a heading that it has when it is all there. */
const pages: readonly (readonly [route: string, heading: string | RegExp])[] = [
  ['', 'Overview'],
  ['pairs/intake', /intake/],
  ['pairs/intake/switchover', /intake/],
  ['pairs/intake/units/A', /intake/],
  ['alarms', 'Alarms'],
  ['alarms/suppressed', 'Alarms'],
  ['alarms/history', 'Alarms'],
  ['alarms/rates', 'Alarms'],
  ['journal', 'Journal'],
  ['power', 'UPS'],
  ['network', 'Network'],
  ['drills', 'Drills'],
  ['system', 'System'],
  ['handover', 'Stands now'],
]
const sizes = [
  [1280, 720],
  [1920, 1080],
  [320, 800],
] as const

describe('every page', function () {
  this.timeout(180_000)
  let rig: Rig
  let browser: Browser

  before(async () => {
    rig = await startRig({ pairs: ['intake', 'filters', 'dosing'] })
    browser = await startBrowser()
    // Something of every kind to look at.
    await rig.fault('intake.B', 'crash')
    await rig.fault('ups-1', 'on_battery')
    await rig.fault('filters.A', 'network_loss', { lan: 'lan-2' })
    await rig.order('pairs/dosing/lockout', { on: true, reason: 'gearbox is open' })
    await rig.waitFor('the alarms', async () => (await rig.view()).alarms.length >= 3)
  })
  after(async () => {
    await browser?.close()
    await rig?.stop()
  })

  const walk = async (desk: Desk, look: (what: string) => Promise<void>) => {
    for (const [route, heading] of pages) {
      await desk.go(route)
      await desk.page.getByRole('heading', { name: heading }).first().waitFor()
      await look(`#/${route}`)
    }
  }

  for (const theme of themes) {
    it(`gives axe-core nothing to find by ${theme}, and the browser nothing to complain of`, async () => {
      const desk = await Desk.open(browser, { url: rig.service.url, theme })
      await desk.assertAccessible('the log-in')
      await desk.logIn('anna')
      await walk(desk, (what) => desk.assertAccessible(`${what} by ${theme}`))
      desk.assertNoComplaints()
      await desk.close()
    })

    it(`asks by ${theme} in dialogs that axe-core has nothing against`, async () => {
      const desk = await Desk.open(browser, { url: rig.service.url, theme, user: 'sven' })
      await desk.go('alarms')
      await desk.page.getByRole('row').filter({ hasText: 'on battery' }).click()
      for (const name of ['Comment', 'Shelve', 'Out of service']) {
        await desk.page.getByRole('button', { name, exact: false }).last().click()
        await desk.page.getByRole('dialog').waitFor()
        await desk.assertAccessible(`${name} by ${theme}`)
        await desk.page.keyboard.press('Escape')
      }
      desk.assertNoComplaints()
      await desk.close()
    })
  }

  for (const [width, height] of sizes) {
    it(`fits into a window of ${width} by ${height}`, async () => {
      const { url } = rig.service
      const desk = await Desk.open(browser, { url, user: 'anna', width, height })
      await walk(desk, (what) => desk.assertNoSideways(`${what} at ${width}`))
      desk.assertNoComplaints()
      await desk.close()
    })
  }

  it('flashes symbols alone, and not for those who want none', async () => {
    const desk = await Desk.open(browser, { url: rig.service.url, user: 'anna' })
    await desk.go('alarms')
    await desk.page.getByRole('row').filter({ hasText: 'on battery' }).waitFor()
    const moving = () =>
      desk.page.evaluate(() =>
        document.getAnimations().map(({ effect }) => (effect as KeyframeEffect).target?.nodeName),
      )
    assert.deepEqual([...new Set(await moving())], ['g'])
    await desk.page.emulateMedia({ reducedMotion: 'reduce' })
    assert.deepEqual(await moving(), [])
    await desk.close()
  })
})

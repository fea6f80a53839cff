// What happens to an open page when something happens elsewhere: somebody answers at a terminal, the service is killed, many tabs are
// open. What happened in the plant is judged by the practice plant.

import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { bumpless } from '../cli/command.ts'
import { prepare, untilProposed, untilReady } from '../whole/persons.ts'
import { assertNeverBothActive, type Rig, startRig } from '../whole/rig.ts'
import { Desk, startBrowser } from './browser.ts'
import { confirmAsShown, prepareAt, untilEnded } from './operator.ts'

describe('a page of which something happens elsewhere', () => {
  let browser: Browser
  let rig: Rig
  let desk: Desk
  before(async () => {
    browser = await startBrowser()
  })
  after(() => browser.close())
  beforeEach(async () => {
    rig = await startRig()
    desk = await Desk.open(browser, { url: rig.service.url, user: 'anna' })
  })
  afterEach(async () => {
    desk.assertNoComplaints()
    await desk.close()
    await rig.stop()
  })

  it('takes its question back when somebody answers at a terminal, and says who and where', async () => {
    const { page } = desk
    await desk.go('pairs/intake/switchover')
    await prepareAt(desk, rig, 'B')
    await page.getByLabel('Type the name').fill('intake')
    const { id, evidence } = await untilProposed(rig)
    const words = ['confirm', id, '--yes', '--evidence', evidence.hash]
    const more = ['--reason', 'agreed by radio', '--pair', 'intake']
    const environment = await rig.environment('bert')
    const ended = await bumpless(environment, [...words, ...more], '', 60_000)
    assert.equal(ended.code, 0, ended.error)
    await untilEnded(desk.page)
    assert.equal(await page.getByRole('button', { name: 'Switch to B' }).count(), 0)
    assert.equal(await page.getByRole('region', { name: 'Questions' }).count(), 0)
    assert.match(await page.getByRole('main').innerText(), /Confirmed by bert, elsewhere \(http /)
    await page.getByRole('link', { name: 'Report for printing' }).click()
    await page.getByRole('heading', { name: 'Signatures' }).waitFor()
    assert.match(await page.getByRole('article').innerText(), /Confirmed by\s+bert\s+At\s+http /)
    assert.equal(rig.active(), 'B')
    assertNeverBothActive(rig)
  })

  it('says why a question is withdrawn when the standby fails while it is open', async () => {
    const { page } = desk
    await desk.go('pairs/intake/switchover')
    await prepareAt(desk, rig, 'B')
    await rig.fault('intake.B', 'crash')
    await untilEnded(desk.page, 'REVOKED')
    assert.match(await page.getByRole('main').innerText(), /REVOKED .*: B: /)
    assert.equal(await page.getByRole('button', { name: 'Switch to B' }).count(), 0)
    assert.equal(rig.active(), 'A')
  })

  it('says that it shows nothing live when the service is killed, and shows the same page when it is back', async () => {
    const { page } = desk
    await desk.go('pairs/intake')
    await page.getByRole('button', { name: 'Lock out…' }).click()
    await page.getByLabel('Reason').fill('cables are being drawn')
    await page.getByRole('button', { name: 'Lock out', exact: true }).click()
    await page.getByText('LOCKED OUT', { exact: true }).waitFor()
    await rig.kill9()
    await page
      .getByText(/NO LIVE DATA since/)
      .first()
      .waitFor()
    const command = page.getByRole('button', { name: 'Prepare switchover…' })
    assert.equal(await command.getAttribute('aria-disabled'), 'true')
    await page.getByText('cables are being drawn').first().waitFor()
    await rig.restart()
    // A service that was started anew knows no session: people log in again, and the page is the one that was open.
    await page.getByRole('heading', { name: 'Log in' }).waitFor()
    await desk.logIn('sven')
    await page.getByRole('heading', { name: 'intake' }).waitFor()
    await page.getByText('cables are being drawn').first().waitFor()
    await page.getByRole('button', { name: 'Lift lockout…' }).click()
    await page.getByLabel('Reason').fill('the cables are in')
    await page.getByRole('button', { name: 'Lift lockout', exact: true }).click()
    await page.getByText('LOCKED OUT', { exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Prepare switchover…' }).click()
    await prepareAt(desk, rig, 'B')
    await page.getByLabel('Type the name').fill('intake')
    await confirmAsShown(desk, 'Switch to B')
    await untilEnded(desk.page)
    assert.equal(rig.active(), 'B')
    assertNeverBothActive(rig)
  })

  it('still confirms with eight tabs open, and all of them show the end', async () => {
    await desk.go('pairs/intake/switchover')
    const others = []
    for (let count = 0; count < 7; count += 1) {
      const tab = await desk.context.newPage()
      await tab.goto(`${rig.service.url}/#/pairs/intake/switchover`)
      await tab.getByRole('heading', { name: 'Switchover of intake' }).waitFor()
      others.push(tab)
    }
    await untilReady(rig)
    await prepare(rig, 'B')
    for (const tab of others) await tab.getByRole('button', { name: 'Switch to B' }).waitFor()
    await desk.page.getByLabel('Type the name').fill('intake')
    await confirmAsShown(desk, 'Switch to B')
    for (const tab of [desk.page, ...others]) await untilEnded(tab)
    assert.equal(rig.active(), 'B')
    assertNeverBothActive(rig)
  })
})

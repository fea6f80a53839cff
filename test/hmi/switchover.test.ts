// An operator switches over in the browser. What happened is judged by the practice plant.

import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { assertNeverBothActive, password, type Rig, startRig } from '../whole/rig.ts'
import { Desk, startBrowser } from './browser.ts'
import { confirmAsShown, prepareAt, tabTo, untilEnded } from './operator.ts'

describe('a switchover in the browser', () => {
  let browser: Browser
  let rig: Rig
  let desk: Desk | undefined
  before(async () => {
    browser = await startBrowser()
  })
  after(() => browser.close())
  afterEach(async () => {
    desk?.assertNoComplaints()
    await desk?.close()
    desk = undefined
    await rig.stop()
  })

  const sit = async (user = 'anna', theme: 'day' | 'night' = 'day'): Promise<Desk> => {
    desk = await Desk.open(browser, { url: rig.service.url, user, theme })
    return desk
  }

  it('goes from the overview to the report by keyboard alone', async () => {
    rig = await startRig()
    const { page } = await sit()
    const { keyboard } = page
    await rig.untilPair('intake to be ready', ({ ready }) => ready)
    await tabTo(page, 'intake')
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Readiness' }).waitFor()
    await page.locator('main:focus').waitFor()
    await tabTo(page, 'Prepare switchover')
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Switchover of intake' }).waitFor()
    await page.locator('main:focus').waitFor()
    await tabTo(page, 'B becomes primary')
    await keyboard.press('Space')
    await tabTo(page, 'Reason')
    await keyboard.type('pump seal, work order 4711')
    await tabTo(page, 'Look ahead')
    await keyboard.press('Enter')
    await page.getByText('dry run: intake is ready').waitFor()
    assert.equal((await rig.pair()).phase, 'idle')
    await tabTo(page, 'Prepare')
    await keyboard.press('Enter')
    await page.getByRole('button', { name: 'Keep A' }).and(page.locator(':focus')).waitFor()
    await tabTo(page, 'Type the name of the pair', 'Shift+Tab')
    await keyboard.type('intake')
    await keyboard.press('Enter')
    assert.equal((await rig.pair()).phase, 'proposed', 'the return key alone confirmed it')
    await tabTo(page, 'Switch to B')
    await keyboard.press('Enter')
    await untilEnded(page)
    assert.equal(rig.active(), 'B')
    await tabTo(page, 'Report for printing')
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Signatures' }).waitFor()
    const report = await page.getByRole('article').innerText()
    for (const fact of [
      'pump seal, work order 4711',
      'A gives up the process',
      'anna',
      'gates met',
    ])
      assert.ok(report.includes(fact), `the report does not say "${fact}":\n${report}`)
    assertNeverBothActive(rig)
  })

  it('shows the same after a reload, gives more time for E, and keeps everything as it is for Escape', async () => {
    rig = await startRig()
    const screen = await sit()
    await screen.go('pairs/intake/switchover')
    await prepareAt(screen, rig, 'B')
    await screen.page.reload()
    const keep = screen.page.getByRole('button', { name: 'Keep A' })
    await keep.and(screen.page.locator(':focus')).waitFor()
    const leftMs = async () => (await rig.pair()).switchover?.expiresInMs ?? 0
    await rig.waitFor('some time to pass', async () => (await leftMs()) < 57_000)
    await screen.page.keyboard.press('e')
    await rig.waitFor('the time anew', async () => (await leftMs()) > 57_000)
    await screen.page.keyboard.press('Escape')
    await untilEnded(screen.page, 'REFUSED')
    assert.match(await screen.page.getByRole('main').innerText(), /rejected by anna/)
    assert.equal(rig.active(), 'A')
  })

  it('answers a proposal of the supervisor from the prompt bar, with a second person', async () => {
    rig = await startRig({ policy: { second_person: true, reauthenticate: true } })
    const screen = await sit()
    const { page } = screen
    await rig.untilPair('intake to be ready', ({ ready }) => ready)
    await rig.fault('intake.A', 'crash')
    await page.getByRole('link', { name: 'Look and answer' }).click()
    await page.getByRole('heading', { name: 'Make B the primary of intake' }).waitFor()
    await page.getByLabel('Reason').fill('A is lost')
    await page.getByLabel('Type the name').fill('intake')
    await page.getByLabel('Password of anna').fill(password)
    await page.getByLabel('User name of the second person').fill('anna')
    await page.getByLabel('Password of the second person').fill(password)
    await screen.assertAccessible('the question of an assisted failover')
    const verb = page.getByRole('button', { name: 'Switch to B' })
    await verb.and(page.locator('[aria-disabled=false]')).click()
    await page.getByText(/another account|cannot approve/).waitFor()
    assert.equal(rig.active(), 'nobody')
    await page.getByLabel('User name of the second person').fill('bert')
    await confirmAsShown(screen, 'Switch to B')
    await untilEnded(screen.page)
    assert.equal(rig.active(), 'B')
    const [ended] = (await rig.pair()).lastEnded
    assert.equal(ended?.by, 'anna')
    assertNeverBothActive(rig)
  })

  it('refuses an answer to evidence that has changed, shows what is different, and takes it after a new look', async () => {
    rig = await startRig()
    const screen = await sit('anna', 'night')
    const { page } = screen
    await screen.go('pairs/intake/switchover')
    await prepareAt(screen, rig, 'B')
    await page.getByLabel('Type the name').fill('intake')
    const shown = (await rig.pair()).switchover?.evidence?.hash
    // While the answer is on its way the batch goes on by a step.
    await page.route('**/confirm', async (route) => {
      await rig.plant.action({ target: 'intake', action: 'set', tag: 'BATCH.STEP', value: 7 })
      await rig.untilPair(
        'other evidence',
        ({ switchover }) => switchover?.evidence?.hash !== shown,
      )
      await page.unroute('**/confirm')
      await route.continue()
    })
    await page.getByRole('button', { name: 'Switch to B' }).click()
    await page.getByText('the evidence has changed since you were shown it').waitFor()
    await page
      .getByText(/BATCH\.STEP of A: was \d+, is 7/)
      .first()
      .waitFor()
    assert.equal(rig.active(), 'A')
    const verb = page.getByRole('button', { name: 'Switch to B' })
    assert.equal(await verb.getAttribute('aria-disabled'), 'true')
    assert.equal(await page.getByLabel('Type the name').inputValue(), 'intake')
    await screen.assertAccessible('changed evidence')
    await confirmAsShown(screen, 'Switch to B')
    await untilEnded(screen.page)
    assert.equal(rig.active(), 'B')
    assertNeverBothActive(rig)
  })
})

// The pages of a pair and of a unit: what stands in the way, what is left standing by persons, the way out of a switchover that stopped, and
// how they look in both themes and on small screens.

import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { assertNeverBothActive, type Rig, startRig } from '../whole/rig.ts'
import { Desk, startBrowser } from './browser.ts'
import { confirmAsShown, prepareAt, untilEnded } from './operator.ts'

describe('the page of a pair', () => {
  let browser: Browser
  let rig: Rig
  before(async () => {
    browser = await startBrowser()
  })
  after(() => browser.close())

  describe('with a plant of its own', () => {
    let desk: Desk | undefined
    beforeEach(async () => {
      rig = await startRig()
    })
    afterEach(async () => {
      desk?.assertNoComplaints()
      await desk?.close()
      desk = undefined
      await rig.stop()
    })
    const sit = async (user: string): Promise<Desk> => {
      desk = await Desk.open(browser, { url: rig.service.url, user })
      await desk.go('pairs/intake')
      return desk
    }

    it('says what stands in the way, and lets a supervisor override it by name with a reason', async () => {
      await rig.untilPair('intake to be ready', ({ ready }) => ready)
      await rig.fault('intake.B', 'overload', { pct: 97 })
      const screen = await sit('sven')
      const { page } = screen
      await page.getByText('1 obstacle', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Prepare switchover…' }).click()
      await page.getByText('B becomes primary').click()
      const prepare = page.getByRole('button', { name: 'Prepare: claim' })
      assert.equal(await prepare.getAttribute('aria-disabled'), 'true')
      await page.getByLabel(/^Override "/).check()
      assert.equal(await prepare.getAttribute('aria-disabled'), 'true', 'no reason was given')
      await page.getByLabel('Reason').fill('B is in test, load is known')
      await prepare.click()
      await page.getByRole('heading', { name: 'Make B the primary' }).waitFor()
      await page.getByRole('cell', { name: 'OVERRIDDEN' }).waitFor()
      await page.getByLabel('Type the name').fill('intake')
      await confirmAsShown(screen, 'Switch to B')
      await untilEnded(screen.page)
      assert.equal(rig.active(), 'B')
      await page.getByRole('link', { name: 'Report for printing' }).click()
      await page.getByRole('heading', { name: 'Signatures' }).waitFor()
      assert.match(await page.getByRole('article').innerText(), /Overridden gates\s+load/)
    })

    it('leaves a unit in service when the question is left by Escape, and takes it out with a reason', async () => {
      await rig.untilPair('intake to be ready', ({ ready }) => ready)
      const { page } = await sit('sven')
      const command = page.getByRole('button', { name: 'Take B out of service…' })
      await command.click()
      const keep = page.getByRole('button', { name: 'Leave as it is' })
      await keep.and(page.locator(':focus')).waitFor()
      await page.keyboard.press('Escape')
      await keep.waitFor({ state: 'detached' })
      await command.and(page.locator(':focus')).waitFor()
      assert.equal((await rig.pair()).units.B.outOfService, undefined)
      await command.click()
      const order = page.getByRole('button', { name: 'Take B out of service', exact: true })
      assert.equal(await order.getAttribute('aria-disabled'), 'true')
      await page.getByLabel('Reason').fill('new power supply')
      await order.click()
      await page.getByText('B OUT OF SERVICE', { exact: true }).waitFor()
      assert.equal((await rig.pair()).units.B.outOfService?.reason, 'new power supply')
      await page.getByRole('button', { name: 'Put B back into service…' }).click()
      await page.getByLabel('Reason').fill('exchanged')
      await page.getByRole('button', { name: 'Put B back into service', exact: true }).click()
      await page.getByText('B OUT OF SERVICE', { exact: true }).waitFor({ state: 'detached' })
    })

    it('shows a lost unit as lost and its values as old', async () => {
      await rig.untilPair('intake to be ready', ({ ready }) => ready)
      const { page } = await sit('anna')
      await rig.fault('intake.B', 'crash')
      const row = page.getByRole('row', { name: /^Presence/ })
      await row.getByText('lost', { exact: true }).waitFor()
      await page
        .getByRole('row', { name: /^Program/ })
        .locator('.bad')
        .waitFor()
      await page
        .getByRole('row', { name: /B lan-1/ })
        .getByText('down', { exact: true })
        .waitFor()
    })

    it('offers the ways out of a switchover that stopped, and gives the process back', async () => {
      await rig.untilPair('intake to be ready', ({ ready }) => ready)
      const when = { unit: 'intake.A', opcode: 'OPERATE' }
      await rig.fault('intake.B', 'interlock_lost', { when })
      const screen = await sit('sven')
      const { page } = screen
      await page.getByRole('button', { name: 'Prepare switchover…' }).click()
      await prepareAt(screen, rig, 'B')
      await page.getByLabel('Type the name').fill('intake')
      await confirmAsShown(screen, 'Switch to B')
      await untilEnded(screen.page, 'STOPPED HALF WAY')
      assert.equal(rig.active(), 'nobody')
      await page.getByRole('button', { name: 'Resolve…' }).click()
      await page.getByLabel(/^Restore/).check()
      await page.getByLabel('Reason', { exact: true }).fill('B lost its permissive')
      await page.getByRole('button', { name: 'Resolve', exact: true }).click()
      await page.getByRole('heading', { name: 'Give intake back to A?' }).waitFor()
      await page.getByLabel('Type the name').fill('intake')
      await confirmAsShown(screen, 'Give the process back to A')
      await untilEnded(screen.page)
      assert.equal(rig.active(), 'A')
      assertNeverBothActive(rig)
    })
  })

  describe('in both themes and on every screen', () => {
    before(async () => {
      rig = await startRig()
      await rig.untilPair('intake to be ready', ({ ready }) => ready)
      const screen = await Desk.open(browser, { url: rig.service.url, user: 'anna' })
      await screen.go('pairs/intake/switchover')
      await prepareAt(screen, rig, 'B')
      await screen.page.getByLabel('Type the name').fill('intake')
      await confirmAsShown(screen, 'Switch to B')
      await untilEnded(screen.page)
      await screen.close()
    })
    after(() => rig.stop())

    const pages = {
      'pairs/intake': 'Last switchovers',
      'pairs/intake/switchover': 'Switchover of intake',
      'pairs/intake/switchover/intake-1': 'Result',
      'pairs/intake/report/intake-1': 'Signatures',
      'pairs/intake/units/B': 'Signals',
      'power/ups-1': 'Signals',
    }
    it('shows what a unit says signal by signal, with the registers that the practice plant serves', async () => {
      const screen = await Desk.open(browser, { url: rig.service.url, user: 'olga' })
      await screen.go('pairs/intake/units/A')
      const signals = screen.page.getByRole('table', { name: 'Signals' })
      const row = signals.getByRole('row', { name: /^BATCH.STEP/ })
      await row.getByText('hr:109').waitFor()
      await rig.plant.action({ target: 'intake', action: 'set', tag: 'BATCH.STEP', value: 4711 })
      await row.getByText('4711').first().waitFor()
      assert.match(await row.innerText(), /4711\s+4711\s+hr:109\s+uint16\s+lan-1, lan-2/)
      await screen.close()
    })

    it('prints the report alone, with everything that was checked', async () => {
      const screen = await Desk.open(browser, { url: rig.service.url, user: 'olga' })
      await screen.go('pairs/intake/report/intake-1')
      await screen.page.getByRole('heading', { name: 'Signatures' }).waitFor()
      await screen.page.emulateMedia({ media: 'print' })
      const gates = await screen.page.getByRole('table', { name: 'What was checked' }).innerText()
      assert.match(gates, /no lockout[\s\S]*in sync/)
      for (const part of ['navigation', 'banner'] as const)
        assert.equal(await screen.page.getByRole(part).count(), 0, `${part} is printed`)
      assert.equal(await screen.page.getByRole('button').count(), 0)
      await screen.close()
    })

    for (const theme of ['day', 'night'] as const) {
      for (const [width, height] of [
        [1920, 1080],
        [1280, 720],
        [320, 800],
      ] as const) {
        it(`is read by everybody and never wider than the window: ${theme}, ${width} px`, async () => {
          const { url } = rig.service
          const screen = await Desk.open(browser, { url, user: 'anna', theme, width, height })
          for (const [route, heading] of Object.entries(pages)) {
            await screen.go(route)
            await screen.page.getByRole('heading', { name: heading }).waitFor()
            await screen.assertNoSideways(`${route} at ${width} px`)
            await screen.assertAccessible(`${route} ${theme} ${width} px`)
          }
          screen.assertNoComplaints()
          await screen.close()
        })
      }
    }
  })
})

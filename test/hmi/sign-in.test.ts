// Who may do what from which screen: log-in, a screen for looking only, a session that is ended from elsewhere, the first account.

import assert from 'node:assert/strict'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { password, type Rig, startRig } from '../whole/rig.ts'
import { Desk, startBrowser } from './browser.ts'

describe('the log-in page', function () {
  this.timeout(90_000)
  let rig: Rig
  let browser: Browser
  const open: Desk[] = []

  before(async () => {
    rig = await startRig({ pairs: ['intake'] })
    browser = await startBrowser()
  })
  afterEach(async () => {
    for (const desk of open.splice(0)) {
      desk.assertNoComplaints()
      await desk.close()
    }
  })
  after(async () => {
    await browser?.close()
    await rig?.stop()
  })

  const sit = async (user?: string): Promise<Desk> => {
    const desk = await Desk.open(browser, { url: rig.service.url, ...(user && { user }) })
    open.push(desk)
    return desk
  }
  const tryToLogIn = async ({ page }: Desk, user: string, secret: string) => {
    await page.getByLabel('User name').fill(user)
    await page.getByLabel('Password').fill(secret)
    await page.keyboard.press('Enter')
  }
  const refusalOf = ({ page }: Desk) => page.getByRole('alert')

  it('lets nobody in with a wrong password, tells nothing more, and the right one in by keyboard alone', async () => {
    const desk = await sit()
    await tryToLogIn(desk, 'anna', 'wrong')
    await refusalOf(desk).getByText('the user name or the password is not right').waitFor()
    await tryToLogIn(desk, 'nobody', 'wrong')
    await refusalOf(desk).getByText('the user name or the password is not right').waitFor()
    assert.equal(await desk.page.getByRole('navigation').count(), 0)
    await tryToLogIn(desk, 'anna', password)
    await desk.page.getByText('anna (operator)').waitFor()
    await desk.page.getByText('LIVE', { exact: true }).waitFor()
  })

  it('says how long to wait after many wrong passwords', async () => {
    const desk = await sit()
    for (let tries = 0; tries < 12; tries += 1) {
      const answered = desk.page.waitForResponse((response) => response.url().endsWith('/login'))
      await tryToLogIn(desk, 'bert', `wrong ${tries}`)
      if ((await answered).status() === 429) break
    }
    await refusalOf(desk)
      .getByText(/too many log-ins have failed; try again in \d+ s/)
      .waitFor()
  })

  it('opens a screen for looking only, which orders nothing', async () => {
    const desk = await sit()
    const { page } = desk
    await page.getByLabel(/A screen for looking only/).check()
    await tryToLogIn(desk, 'anna', password)
    await page.getByText('anna (desk, looks only)').waitFor()
    await page.getByText('LIVE', { exact: true }).waitFor()
    const fault = await rig.fault('ups-1', 'on_battery')
    await desk.go('alarms')
    await page.getByRole('row').filter({ hasText: 'on battery' }).click()
    await page.keyboard.press('a')
    await page.getByText('This screen is for looking only').first().waitFor()
    // Nor does the service take it from a page that has been tampered with.
    const status = await page.evaluate(async () => {
      const id = encodeURIComponent('ups-1:ups-on-battery')
      const headers = { 'x-bumpless': '1', 'content-type': 'application/json' }
      const wish = { method: 'POST', headers, body: '{}' }
      return (await fetch(`/api/v1/alarms/${id}/ack`, wish)).status
    })
    assert.equal(status, 403)
    const alarm = (await rig.view()).alarms.find(({ id }) => id === 'ups-1:ups-on-battery')
    assert.equal(alarm?.state, 'unacknowledged')
    await rig.plant.clearFault(fault)
  })

  it('comes back, and says why, when the session is ended from another screen', async () => {
    const left = await sit('sven')
    const other = await sit('sven')
    await other.go('system')
    const mine = other.page.getByRole('row').filter({ hasNotText: 'this one' })
    await mine
      .getByRole('button', { name: /^End the session/ })
      .first()
      .click()
    await left.page.getByRole('heading', { name: 'Log in' }).waitFor()
    await left.page.getByText('Your session has ended').waitFor()
    await other.page.getByText('LIVE', { exact: true }).waitFor()
  })

  it('says nothing of an end when a person logs out, and stops the horn', async () => {
    const desk = await sit('anna')
    await desk.page.getByRole('button', { name: 'Log out' }).click()
    await desk.page.getByRole('heading', { name: 'Log in' }).waitFor()
    assert.equal(await desk.page.getByText('Your session has ended').count(), 0)
  })

  it('makes the first account with the one-time token, where nobody has one', async () => {
    const bare = await startRig({ pairs: ['intake'], unstarted: true })
    try {
      await rm(join(bare.folder, 'users.yaml'))
      await bare.restart()
      const desk = await Desk.open(browser, { url: bare.service.url })
      open.push(desk)
      const { page } = desk
      const fill = async (token: string, again: string) => {
        await page.getByLabel('Set-up token').fill(token)
        await page.getByLabel('User name').fill('erik')
        await page.getByLabel('Password', { exact: true }).fill(password)
        await page.getByLabel('Password again').fill(again)
        await page.keyboard.press('Enter')
      }
      await fill('wrong', password)
      await refusalOf(desk)
        .getByText(/token is not right/)
        .waitFor()
      const token = (await readFile(join(bare.folder, 'setup-token'), 'utf8')).trim()
      await fill(token, 'something else')
      await refusalOf(desk).getByText('The two passwords differ.').waitFor()
      await desk.assertAccessible('the set-up')
      await fill(token, password)
      await page.getByText('erik (engineer)').waitFor()
    } finally {
      await bare.stop()
    }
  })
})

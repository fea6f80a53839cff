// The change of shift in a real browser: the incoming operator reads what happened, and cannot accept what they have not read.

import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { type Rig, startRig } from '../whole/rig.ts'
import { Desk, startBrowser } from './browser.ts'

describe('the handover page', function () {
  this.timeout(90_000)
  let rig: Rig
  let browser: Browser
  let desk: Desk

  before(async () => {
    rig = await startRig({ pairs: ['intake', 'filters'] })
    browser = await startBrowser()
    await rig.waitFor('both pairs to be ready', async () => {
      return (await rig.view()).pairs.every(({ ready }) => ready)
    })
  })
  beforeEach(async () => {
    desk = await Desk.open(browser, { url: rig.service.url, user: 'bert' })
    await desk.go('handover')
    await desk.page.getByRole('heading', { name: 'Stands now' }).waitFor()
  })
  afterEach(async () => {
    desk.assertNoComplaints()
    await desk.close()
  })
  after(async () => {
    await browser?.close()
    await rig?.stop()
  })

  it('tells what stands, and gives the shift to who has read it, with a note', async () => {
    const { page } = desk
    await page.getByText('Nobody has taken a shift yet.').waitFor()
    await rig.order('pairs/filters/lockout', { on: true, reason: 'gearbox is open' })
    await page.getByRole('button', { name: 'Read again' }).click()
    await page.getByText('by anna: gearbox is open').first().waitFor()
    await page.getByLabel('Note (optional)').fill('valve 7 sticks')
    await page.getByRole('button', { name: 'Take the shift' }).click()
    await page.getByText(/bert has the shift since/).waitFor()
    await page.getByText('Note of that handover: valve 7 sticks').waitFor()
    const { shift } = await rig.view()
    assert.deepEqual([shift?.by, shift?.note], ['bert', 'valve 7 sticks'])
    await page.getByText('Handovers before').click()
    await page.getByRole('row').filter({ hasText: 'valve 7 sticks' }).waitFor()
  })

  it('refuses what is older than what has happened, says what is missing, and takes it once it is read', async () => {
    const { page } = desk
    const before = (await rig.view()).shift
    await rig.order('pairs/intake/lockout', { on: true, reason: 'work on the panel' })
    await page.getByText('Something has happened since this was read.').waitFor()
    await page.getByRole('button', { name: 'Take the shift' }).click()
    const refusal = page.getByRole('alert').filter({ hasText: 'has happened since record' })
    await refusal.getByText(/work on the panel/).waitFor()
    assert.deepEqual((await rig.view()).shift?.seen, before?.seen)
    await page.getByRole('button', { name: 'Read again' }).click()
    await page.getByRole('row').filter({ hasText: 'work on the panel' }).waitFor()
    await page.getByRole('button', { name: 'Take the shift' }).click()
    await rig.waitFor('the shift to be taken again', async () => {
      return ((await rig.view()).shift?.seen ?? 0) > (before?.seen ?? 0)
    })
  })
})

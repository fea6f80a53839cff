// Alarms in a real browser: what a fault in the practice plant shows, and what people do about it. What was done is read from the service,
// never from the page.

import assert from 'node:assert/strict'
import type { Browser, Locator } from 'playwright-core'
import type { AlarmView } from '../../src/core/alarms/shown.ts'
import { type Rig, startRig } from '../whole/rig.ts'
import { Desk, startBrowser } from './browser.ts'

describe('the alarm page', function () {
  this.timeout(90_000)
  let rig: Rig
  let browser: Browser
  let desk: Desk
  /** An alarm that comes four times within ten minutes chatters and clears a minute late: each test takes another one. */
  const faults: string[] = []

  before(async () => {
    rig = await startRig({ pairs: ['intake', 'filters'] })
    browser = await startBrowser()
    await rig.waitFor('both pairs to be ready', async () => {
      return (await rig.view()).pairs.every(({ ready }) => ready)
    })
    await rig.waitFor('no alarm to ask for anything', calmDown)
  })
  beforeEach(async () => {
    desk = await Desk.open(browser, { url: rig.service.url, user: 'anna' })
    await desk.go('alarms')
    await desk.page.getByRole('heading', { name: 'Alarms' }).waitFor()
  })
  afterEach(async () => {
    for (const id of faults.splice(0)) await rig.plant.clearFault(id)
    await rig.waitFor('no alarm to ask for anything', calmDown)
    desk.assertNoComplaints()
    await desk.close()
  })
  after(async () => {
    await browser?.close()
    await rig?.stop()
  })

  const fault = async (target: string, kind: string, more: object = {}) => {
    const id = await rig.fault(target, kind, more)
    faults.push(id)
    return id
  }
  const alarm = async (id: string): Promise<AlarmView | undefined> =>
    (await rig.view()).alarms.find((one) => one.id === id)
  const untilAlarm = (id: string, what: string, fits: (alarm: AlarmView) => boolean) =>
    rig.waitFor(`${id} ${what}`, async () => {
      const found = await alarm(id)
      return found !== undefined && fits(found)
    })
  const rowOf = (text: string): Locator => desk.page.getByRole('row').filter({ hasText: text })

  async function calmDown(): Promise<boolean> {
    const left = (await rig.view()).alarms.filter(({ state }) => state !== 'suppressed')
    // So many tests are a flood for one person; that alarm stands until there were few for ten minutes.
    const isFlood = ({ key, acknowledged }: AlarmView) => key === 'alarm-flood' && acknowledged
    for (const one of left) {
      const path = `alarms/${encodeURIComponent(one.id)}`
      if (one.shelved) await rig.order(`${path}/shelve`, { minutes: 0, reason: 'test is over' })
      if (!one.active || one.latched || one.key === 'alarm-flood')
        await rig.order(`${path}/ack`, {})
    }
    return left.every(isFlood)
  }

  it('shows a fault in the banner and the list, and F8 acknowledges it from any page', async () => {
    const { page } = desk
    await fault('intake.B', 'crash')
    const row = rowOf('the unit does not answer')
    await row.filter({ hasText: 'UNACK' }).waitFor()
    const banner = page.getByRole('region', { name: 'Alarm banner' })
    await banner.getByText('the unit does not answer').waitFor()
    for (const part of ['intake.B', 'no switchover to it is possible', 'check controller'])
      assert.ok((await row.innerText()).includes(part), part)
    await desk.go('')
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await page.keyboard.press('F8')
    await untilAlarm('intake.B:lost', 'to be acknowledged', (one) => one.acknowledged)
    assert.equal((await alarm('intake.B:lost'))?.acknowledgedBy, 'anna')
    await banner.getByText('No alarm waits for you').waitFor()
    assert.equal(rig.active(), 'A')
  })

  it('keeps what has cleared until somebody has seen it, and A lets it go', async () => {
    const { page } = desk
    const id = await fault('ups-1', 'on_battery')
    await rowOf('on battery').waitFor()
    await rig.plant.clearFault(id)
    const row = rowOf('on battery')
    await row.filter({ hasText: 'RTN-UNACK' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('a')
    await rig.waitFor('the alarm to be gone', async () => {
      return (await alarm('ups-1:ups-on-battery')) === undefined
    })
    await row.filter({ hasText: 'GONE' }).waitFor()
    await page.getByRole('link', { name: 'Overview' }).focus()
    await row.waitFor({ state: 'detached' })
  })

  it('shelves one alarm for a chosen time, never without a reason, and takes it back', async () => {
    const { page } = desk
    await fault('ups-1', 'on_battery')
    await rowOf('on battery').click()
    await page.keyboard.press('s')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('1 hour').check()
    await dialog.getByRole('button', { name: 'Shelve' }).click()
    assert.equal((await alarm('ups-1:ups-on-battery'))?.shelved, undefined)
    await dialog.getByLabel('Reason').fill('electrician is there')
    await dialog.getByRole('button', { name: 'Shelve' }).click()
    await dialog.waitFor({ state: 'detached' })
    await untilAlarm(
      'ups-1:ups-on-battery',
      'to be shelved',
      ({ shelved }) => shelved !== undefined,
    )
    const shelved = (await alarm('ups-1:ups-on-battery'))?.shelved
    assert.deepEqual([shelved?.by, shelved?.reason], ['anna', 'electrician is there'])
    const leftMs = (shelved?.untilWallMs ?? 0) - (await rig.view()).wallMs
    assert.ok(leftMs > 59 * 60_000 && leftMs <= 60 * 60_000, `${leftMs} ms are left`)
    await page.getByRole('link', { name: 'Shelved 1', exact: true }).click()
    await rowOf('on battery')
      .filter({ hasText: /SHELVED 59 min \d\d s left/ })
      .waitFor()
    await page.getByRole('button', { name: 'Take off the shelf' }).click()
    await dialog.getByLabel('Reason').fill('mains are back')
    await dialog.getByRole('button', { name: 'Take off the shelf' }).click()
    await untilAlarm('ups-1:ups-on-battery', 'to ask again', ({ shelved }) => shelved === undefined)
  })

  it('keeps a comment with its person, in the list and in the journal', async () => {
    const { page } = desk
    await fault('ups-1', 'on_battery')
    await rowOf('on battery').click()
    await page.keyboard.press('c')
    await page.getByLabel('Comment', { exact: true }).fill('grid operator called')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByText(/anna: grid operator called/).waitFor()
    const [comment] = (await alarm('ups-1:ups-on-battery'))?.comments ?? []
    assert.deepEqual([comment?.by, comment?.text], ['anna', 'grid operator called'])
    await page.getByRole('link', { name: 'History' }).click()
    await rowOf('grid operator called').filter({ hasText: 'COMMENT' }).waitFor()
  })

  it('holds its order while somebody is in it, says that something is new, and shows it on demand', async () => {
    const { page } = desk
    await fault('ups-2', 'on_battery')
    await rowOf('on battery').waitFor()
    await page.keyboard.press('ArrowDown')
    await fault('filters.B', 'crash')
    const news = page.getByRole('button', { name: /new alarms?: show/ })
    await news.waitFor()
    assert.equal(await rowOf('filters.B').count(), 0)
    await news.click()
    await rowOf('filters.B').waitFor()
  })

  it('acknowledges what is on the screen, each by an order of its own, and leaves what is critical', async () => {
    const { page } = desk
    await fault('ups-2', 'on_battery')
    await fault('filters.B', 'crash')
    await fault('intake.A', 'network_loss')
    await rowOf('the primary is lost').waitFor()
    await page.setViewportSize({ width: 1920, height: 1080 })
    await page.getByRole('button', { name: /^Unfold/ }).click()
    await page.getByRole('button', { name: /^Ack page/ }).click()
    await page.getByText(/([345]) of \1 acknowledged.*1 critical left/s).waitFor()
    const { alarms } = await rig.view()
    const waiting = alarms.filter(({ state }) => state === 'unacknowledged')
    assert.deepEqual(
      waiting.map(({ key, priority }) => [key, priority]),
      [['primary-lost', 1]],
    )
  })

  it('finds in the history what was, and acknowledges from there only what still stands', async () => {
    const { page } = desk
    const id = await fault('ups-2', 'on_battery')
    await untilAlarm('ups-2:ups-on-battery', 'to be raised', () => true)
    await page.getByRole('link', { name: 'History' }).click()
    const raised = rowOf('raised: ups-2 on battery').first()
    await raised.getByRole('button', { name: 'Ack' }).click()
    await untilAlarm('ups-2:ups-on-battery', 'to be acknowledged', (one) => one.acknowledged)
    await rig.plant.clearFault(id)
    await rowOf('cleared: ups-2 on battery').first().waitFor()
    await page.mouse.move(0, 0)
    await raised.locator('[aria-disabled=true]').click({ force: true })
    await raised.getByText(/does not stand now: there is nothing to acknowledge/).waitFor()
    await page.getByLabel('Text').fill('no such words anywhere')
    await page.getByText('No record of an alarm fits.').waitFor()
  })

  it('says to an observer why nothing can be ordered, and orders nothing', async () => {
    await fault('intake.B', 'crash')
    const olga = await Desk.open(browser, { url: rig.service.url, user: 'olga' })
    await olga.go('alarms')
    await olga.page.getByRole('row').filter({ hasText: 'the unit does not answer' }).click()
    await olga.page.keyboard.press('a')
    await olga.page.getByText('olga has the role observer').first().waitFor()
    await olga.page.keyboard.press('F8')
    assert.equal((await alarm('intake.B:lost'))?.state, 'unacknowledged')
    olga.assertNoComplaints()
    await olga.close()
  })
})

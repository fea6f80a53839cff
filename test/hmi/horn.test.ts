// The horn in a real browser: it repeats until somebody silences or acknowledges, silence is not acknowledge, and something new sounds again.

import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { type Rig, startRig } from '../whole/rig.ts'
import { Desk, startBrowser } from './browser.ts'

/** Frequencies of the tones that were started, in their order. */
type Listener = { tones: number[] }

describe('the horn', function () {
  this.timeout(90_000)
  let rig: Rig
  let browser: Browser
  let desk: Desk

  before(async () => {
    rig = await startRig({ pairs: ['intake', 'filters'] })
    browser = await startBrowser()
    await rig.waitFor('both pairs to be ready', async () => {
      const { alarms, pairs } = await rig.view()
      for (const { id } of alarms) await rig.order(`alarms/${encodeURIComponent(id)}/ack`, {})
      return pairs.every(({ ready }) => ready) && alarms.length === 0
    })
    desk = await Desk.open(browser, { url: rig.service.url })
    await desk.page.addInitScript(listenToTones)
    await desk.page.reload()
    await desk.logIn('anna')
  })
  after(async () => {
    desk?.assertNoComplaints()
    await browser?.close()
    await rig?.stop()
  })

  const tones = () => desk.page.evaluate(() => [...(globalThis as unknown as Listener).tones])
  const stateOf = async (id: string) =>
    (await rig.view()).alarms.find((alarm) => alarm.id === id)?.state

  it('is quiet while nothing asks', async () => {
    await desk.page.getByText('horn on').waitFor()
    assert.deepEqual(await tones(), [])
  })

  it('repeats the urgent sound until it is silenced; silence acknowledges nothing', async () => {
    await rig.fault('ups-1', 'on_battery')
    await desk.page.getByRole('button', { name: /Silence/ }).waitFor()
    await rig.waitFor('the sound to be repeated', async () => (await tones()).length >= 6)
    assert.deepEqual([...new Set(await tones())], [950])
    await desk.page.keyboard.press('F7')
    await desk.page.getByText('silenced').waitFor()
    assert.equal(await stateOf('ups-1:ups-on-battery'), 'unacknowledged')
  })

  it('sounds again for a new alarm, though the old one is silenced, and is quiet when all is acknowledged', async () => {
    await rig.fault('filters.B', 'network_loss', { lan: 'lan-2' })
    await desk.page.getByRole('button', { name: /Silence/ }).waitFor()
    assert.equal((await tones()).at(-1), 480, 'a medium alarm has the other sound')
    await desk.page.keyboard.press('F7')
    await desk.page.getByText('silenced').waitFor()
    const heard = (await tones()).length
    // The older one was silenced before: acknowledging the newer one must not wake it.
    const { alarms } = await rig.view()
    for (const { id, key } of alarms.filter(({ state }) => state === 'unacknowledged'))
      if (key !== 'ups-on-battery') await rig.order(`alarms/${encodeURIComponent(id)}/ack`, {})
    await desk.page.getByText('2:1').waitFor()
    await desk.page.getByText('silenced').waitFor()
    assert.equal((await tones()).length, heard)
    await desk.page.keyboard.press('F8')
    await desk.page.getByText('horn on').waitFor()
  })

  it('says on every page that it is switched off', async () => {
    await desk.go('system')
    await desk.page.getByLabel('Horn', { exact: true }).uncheck()
    await desk.page.getByText('horn switched off').waitFor()
    await desk.page.getByLabel('Horn', { exact: true }).check()
    const before = (await tones()).length
    await desk.page.getByRole('button', { name: 'Test: normal' }).click()
    assert.equal((await tones()).length, before + 1)
  })
})

/** Runs in the page before its own scripts. */
function listenToTones(): void {
  const heard: number[] = []
  Object.assign(globalThis, { tones: heard })
  const { prototype } = AudioContext
  const make = prototype.createOscillator
  prototype.createOscillator = function createOscillator(this: AudioContext) {
    const tone = make.call(this)
    const start = tone.start.bind(tone)
    tone.start = (when) => {
      heard.push(tone.frequency.value)
      start(when)
    }
    return tone
  }
}

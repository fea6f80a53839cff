// How long it takes until a register that changes in a unit is on a person's screen: the practice plant's clock and the browser's are the
// same machine's.

import type { Browser } from 'playwright-core'
import { type Rig, startRig } from '../whole/rig.ts'
import { Desk } from './browser.ts'

declare global {
  /** Unix ms when the wanted value was first drawn. */
  var drawnAt: (tag: string, wanted: number) => Promise<number>
}

/** From the change to the picture, ms, each of so many times, at moments that have nothing to do with the scans. */
export async function measureLag(browser: Browser, changes: number): Promise<readonly number[]> {
  const rig: Rig = await startRig()
  const desk = await Desk.open(browser, { url: rig.service.url, user: 'olga' })
  await desk.go('pairs/intake/units/A')
  await desk.page.getByRole('main').getByText('LEVEL.SP').first().waitFor()
  await desk.page.evaluate(watchValues)
  const seen: number[] = []
  for (let change = 0; change < changes; change += 1) {
    const wanted = 40 + change / 4
    const drawn = desk.page.evaluate((value) => globalThis.drawnAt('LEVEL.SP', value), wanted)
    const changedAt = Date.now()
    await rig.plant.action({ target: 'intake', action: 'set', tag: 'LEVEL.SP', value: wanted })
    seen.push((await drawn) - changedAt)
    // Not a multiple of the scan or of the cycle, so that every phase of both is met.
    await new Promise((done) => setTimeout(done, 237 + 13 * (change % 7)))
  }
  await desk.close()
  await rig.stop()
  return seen
}

function watchValues(): void {
  const shownValue = (tag: string): number => {
    const row = [...document.querySelectorAll('tr')].find((one) => one.textContent?.includes(tag))
    const [, figure] = /(-?\d+(?:\.\d+)?)/.exec(row?.textContent?.replace(tag, '') ?? '') ?? []
    return Number(figure)
  }
  globalThis.drawnAt = (tag, wanted) =>
    new Promise((done) => {
      const look = (): void => {
        if (Math.abs(shownValue(tag) - wanted) > 0.01) return
        watching.disconnect()
        // Drawn with the next picture.
        requestAnimationFrame(() => setTimeout(() => done(Date.now())))
      }
      const watching = new MutationObserver(look)
      watching.observe(document, { subtree: true, childList: true, characterData: true })
      look()
    })
}

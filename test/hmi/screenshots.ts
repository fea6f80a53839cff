// `npm run screenshots`: takes the pictures of the README from the running service on the practice plant, so that they show what there is.

import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Rig, startRig } from '../whole/rig.ts'
import { freePort } from '../whole/service.ts'
import { Desk, type DeskOptions, startBrowser } from './browser.ts'
import { prepareAt } from './operator.ts'

const folder = resolve(import.meta.dirname, '../../docs/images')
await mkdir(folder, { recursive: true })
const rig: Rig = await startRig({
  pairs: ['intake', 'filters', 'dosing'],
  opcuaPort: await freePort(),
  policy: { typed_name: true, reason: 'required' },
})
const browser = await startBrowser()
const url = rig.service.url

await confirmation()
await rig.fault('filters.B', 'network_loss', { lan: 'lan-2' })
await rig.fault('ups-1', 'on_battery')
await rig.untilPair('the path to be missed', ({ ready }) => !ready, 'filters')
await take('overview', '', 'Overview')
await take('overview-night', '', 'Overview', { theme: 'night' })
await take('pair', 'pairs/filters', 'filters')
await take('alarms', 'alarms', 'Alarms')
await take('ups', 'power', 'UPS', { theme: 'night' })

await browser.close()
await rig.stop()

/** The question, as an operator finds it. */
async function confirmation(): Promise<void> {
  const desk = await Desk.open(browser, { url, user: 'anna' })
  await desk.go('pairs/intake/switchover')
  await prepareAt(desk, rig, 'B')
  await save(desk, 'confirm')
  await desk.page.getByRole('button', { name: 'Keep A' }).click()
  await rig.untilPair('A to be kept', ({ phase }) => phase === 'idle')
  await desk.close()
}

async function take(
  name: string,
  page: string,
  heading: string,
  options: Partial<DeskOptions> = {},
): Promise<void> {
  const desk = await Desk.open(browser, { ...options, url, user: 'anna' })
  await desk.go(page)
  await desk.page.getByRole('heading', { name: heading }).first().waitFor()
  await save(desk, name)
  await desk.close()
}

async function save({ page }: Desk, name: string): Promise<void> {
  // The symbols of what nobody has acknowledged flash: pictures are taken while they are seen.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.screenshot({ path: resolve(folder, `${name}.png`) })
  process.stdout.write(`docs/images/${name}.png\n`)
}

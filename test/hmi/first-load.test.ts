// What a browser loads before it shows anything: little, and from the service alone.

import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { type Rig, startRig } from '../whole/rig.ts'
import { Desk, startBrowser } from './browser.ts'

/** The service is on the same machine or a slow line away; kB are of 1000 bytes. */
const firstLoadMax = 150_000

describe('The first load of the pages', function () {
  this.timeout(60_000)
  let rig: Rig
  let browser: Browser
  before(async () => {
    rig = await startRig()
    browser = await startBrowser()
  })
  after(async () => {
    await browser.close()
    await rig.stop()
  })

  it('takes less than 150 kB as it goes over the line', async () => {
    let bytes = 0
    for (const file of ['', 'pages.js', 'styles.css', 'stream-worker.js', 'icon.svg']) {
      const headers = { 'accept-encoding': 'br' }
      const response = await fetch(`${rig.service.url}/${file}`, { headers })
      assert.equal(response.status, 200, file)
      bytes += Number(response.headers.get('content-length'))
    }
    assert.ok(bytes > 10_000 && bytes < firstLoadMax, `${bytes} bytes`)
  })

  it('asks nobody but the service, on any page', async () => {
    const desk = await Desk.open(browser, { url: rig.service.url })
    const hosts = new Set<string>()
    desk.context.on('request', (request) => hosts.add(new URL(request.url()).origin))
    await desk.logIn('anna')
    for (const page of ['', 'alarms', 'journal', 'power', 'network', 'drills', 'system']) {
      await desk.go(page)
      await desk.page.getByRole('main').waitFor()
    }
    assert.deepEqual([...hosts], [rig.service.url])
    desk.assertNoComplaints()
    await desk.close()
  })

  it('needs no whole load a second time', async () => {
    const first = await fetch(`${rig.service.url}/pages.js`)
    const etag = first.headers.get('etag') ?? ''
    await first.arrayBuffer()
    const again = await fetch(`${rig.service.url}/pages.js`, { headers: { 'if-none-match': etag } })
    assert.equal(again.status, 304)
  })

  it('follows the stream in one connection, however many tabs are open', async () => {
    const desk = await Desk.open(browser, { url: rig.service.url, user: 'olga' })
    for (let tab = 0; tab < 5; tab += 1) {
      const page = await desk.context.newPage()
      await page.goto(rig.service.url)
      await page.getByText('LIVE', { exact: true }).waitFor()
    }
    desk.assertNoComplaints()
    await desk.close()
  })
})

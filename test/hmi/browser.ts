// A real browser for the tests: Debian's Chromium, people who log in by the form, and everything that a browser complains about. What
// happened in the plant is judged by the practice plant, as in every whole test.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { password } from '../whole/rig.ts'

const chromiumFile = process.env.CHROMIUM ?? '/usr/bin/chromium'
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')

export type DeskOptions = {
  readonly url: string
  /** Nobody logs in without. */
  readonly user?: string
  readonly width?: number
  readonly height?: number
  readonly theme?: 'day' | 'night'
}

/** Starts a browser; close it in the end. Its windows are contexts of their own: each has its own cookies. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumFile, args: ['--no-sandbox'] })

/** One person's screen. */
export class Desk {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors in the console, faults of scripts, and what the security policy refused. */
  readonly complaints: readonly string[]

  private constructor(page: Page, context: BrowserContext, complaints: string[]) {
    this.page = page
    this.context = context
    this.complaints = complaints
  }

  static async open(browser: Browser, options: DeskOptions): Promise<Desk> {
    const { width = 1280, height = 720, theme = 'day' } = options
    const context = await browser.newContext({ viewport: { width, height } })
    await context.addInitScript(chooseTheme, theme)
    const complaints: string[] = []
    context.on('page', (page) => listen(page, complaints))
    const page = await context.newPage()
    await page.goto(options.url)
    const desk = new Desk(page, context, complaints)
    if (options.user !== undefined) await desk.logIn(options.user)
    return desk
  }

  async logIn(user: string, secret = password): Promise<void> {
    await this.page.getByLabel('User name').fill(user)
    await this.page.getByLabel('Password').fill(secret)
    await this.page.getByRole('button', { name: 'Log in' }).click()
    await this.page.getByRole('navigation').waitFor()
    await this.page.getByText('LIVE', { exact: true }).waitFor()
  }

  /** Opens a page by its address, such as `pairs/intake`. */
  async go(route: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = `#/${hash}`
    }, route)
  }

  /** Fails on anything that axe-core finds on the page as it is shown now. */
  async assertAccessible(what: string): Promise<void> {
    const found = await this.page.evaluate(runAxe, axeSource)
    assert.deepEqual(found, [], `${what}: ${found.join('\n')}`)
  }

  /** Fails when the page is wider than the window. */
  async assertNoSideways(what: string): Promise<void> {
    const { content, seen } = await this.page.evaluate(() => ({
      content: document.documentElement.scrollWidth,
      seen: document.documentElement.clientWidth,
    }))
    assert.ok(content <= seen, `${what} is ${content} px wide in a window of ${seen} px`)
  }

  assertNoComplaints(): void {
    assert.deepEqual(this.complaints, [])
  }

  close(): Promise<void> {
    return this.context.close()
  }
}

function chooseTheme(theme: string): void {
  // The first, empty document of a window has no storage.
  if (location.protocol.startsWith('http')) localStorage.setItem('bumpless theme', theme)
}

function listen(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    const { url } = message.location()
    // The browser writes down every refusal of the service by itself; the pages show them, and tests look at them there.
    const isRefusal = message.text().startsWith('Failed to load resource') && url.includes('/api/')
    if (message.type() === 'error' && !isRefusal) complaints.push(`${message.text()} at ${url}`)
  })
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
}

/** Runs inside the page, from its source: a script element would be refused by the page's own policy. */
async function runAxe(source: string): Promise<string[]> {
  // Trusted Types forbid `eval` of text to the page, not to the debugger that runs this function.
  const load = new Function(source) as () => void
  load()
  type Found = { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }
  const { axe } = globalThis as unknown as {
    axe: { run: (options: object) => Promise<{ violations: Found[] }> }
  }
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const { violations } = await axe.run({ runOnly: { type: 'tag', values: tags } })
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map((node) => `  ${node.html} ${node.failureSummary ?? ''}`).join('\n')}`,
  )
}

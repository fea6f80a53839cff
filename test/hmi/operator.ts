// What a person does at a screen of these tests: walks by the keyboard, and answers what is asked after looking at it.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Rig } from '../whole/rig.ts'
import type { Desk } from './browser.ts'

/** Presses Tab until the thing with this name has the focus, as somebody without a mouse does. */
export async function tabTo(page: Page, name: string, key: 'Tab' | 'Shift+Tab' = 'Tab') {
  const seen: string[] = []
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press(key)
    const focused = await page.evaluate(nameOfFocus)
    if (focused.includes(name)) return
    seen.push(focused)
  }
  assert.fail(`no "${name}" was reached by ${key}; on the way: ${seen.join(' | ')}`)
}

/** The name of what has the focus, as it is read to somebody who does not see it. */
function nameOfFocus(): string {
  const element = document.activeElement
  if (element === null) return ''
  const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : []
  const words = [element.getAttribute('aria-label'), ...labels.map((label) => label.textContent)]
  const own = element.tagName === 'MAIN' ? '' : element.textContent
  return [...words, own].filter((word) => word).join(' ')
}

/** Looks at what has changed, as often as it does, and confirms until the answer is taken. */
export async function confirmAsShown({ page }: Desk, verb: string): Promise<void> {
  const looked = page.getByRole('button', { name: 'I have looked at the new evidence' })
  const answer = page.getByRole('button', { name: verb })
  const gone = page.getByRole('heading', { name: /^(Progress|Result)$/ })
  for (let tries = 0; tries < 10; tries += 1) {
    if (await looked.isVisible()) await looked.click()
    await answer.and(page.locator('[aria-disabled=false]')).or(gone).or(looked).first().waitFor()
    if (await gone.isVisible()) return
    if (await looked.isVisible()) continue
    await answer.click()
    await gone.or(looked).first().waitFor()
  }
  assert.fail('the evidence changed ten times')
}

/** Opens the wizard of a pair, gives target and reason, and waits for the question. */
export async function prepareAt({ page }: Desk, rig: Rig, to: 'A' | 'B', pair = 'intake') {
  await rig.untilPair(`${pair} to be ready`, ({ ready }) => ready, pair)
  await page.getByText(`${to} becomes primary`).click()
  await page.getByLabel('Reason').fill('pump seal, work order 4711')
  await page.getByRole('button', { name: 'Prepare' }).click()
  await page.getByRole('heading', { name: `Make ${to} the primary of ${pair}` }).waitFor()
}

/** Waits for the end that the page tells; fails with what it says when that is another one than wanted. */
export async function untilEnded(page: Page, wanted = 'DONE'): Promise<void> {
  const outcome = page.locator('.outcome > b')
  await outcome.waitFor()
  const text = await page.getByRole('main').innerText()
  assert.equal(await outcome.innerText(), wanted, text)
}

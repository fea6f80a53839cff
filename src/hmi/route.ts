// Which page is open, from the part of the address after `#`: `#/pairs/intake/switchover`. Links are plain links; going back is the
// browser's own.

import { signal } from '@preact/signals'

/** Parts of the path: `['pairs', 'intake']`; empty on the overview. */
export const route = signal<readonly string[]>(partsOf(location.hash))

addEventListener('hashchange', () => {
  route.value = partsOf(location.hash)
})

export const hrefOf = (...parts: readonly string[]): string =>
  `#/${parts.map(encodeURIComponent).join('/')}`

export function go(...parts: readonly string[]): void {
  location.hash = hrefOf(...parts)
}

/** As `go`, but without a step back to where one came from. */
export function goInstead(...parts: readonly string[]): void {
  history.replaceState(null, '', hrefOf(...parts))
  route.value = parts
}

function partsOf(hash: string): readonly string[] {
  return hash
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

// The table of pages: the address of each, its title, its key in the rail, and what draws it.

import type { JSX } from 'preact'
import { OverviewPage } from './pages/overview.tsx'
import { texts } from './texts.ts'

export type Page = { readonly title: string; readonly draw: () => JSX.Element }

type RailPage = Page & { readonly path: string; readonly key: string }

/** The pages of the rail, in its order. */
export const railPages: readonly RailPage[] = [
  { path: '', key: '1', title: texts.pages.overview, draw: () => <OverviewPage /> },
]

/** The page at an address; undefined when there is none. */
export function pageOf(route: readonly string[]): Page | undefined {
  const [first = ''] = route
  return railPages.find(({ path }) => path === first)
}

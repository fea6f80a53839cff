// The table of pages: the address of each, its title, its key in the rail, and what draws it.

import type { JSX } from 'preact'
import { DrillsPage } from './pages/drills.tsx'
import { NetworkPage } from './pages/network.tsx'
import { OverviewPage } from './pages/overview.tsx'
import { PowerPage } from './pages/power.tsx'
import { texts } from './texts.ts'

export type Page = { readonly title: string; readonly draw: () => JSX.Element }

type RailPage = Page & { readonly path: string; readonly key: string }

/** The pages of the rail, in its order. */
export const railPages: readonly RailPage[] = [
  { path: '', key: '1', title: texts.pages.overview, draw: () => <OverviewPage /> },
  { path: 'power', key: '4', title: texts.pages.power, draw: () => <PowerPage /> },
  { path: 'network', key: '5', title: texts.pages.network, draw: () => <NetworkPage /> },
  { path: 'drills', key: '6', title: texts.pages.drills, draw: () => <DrillsPage /> },
]

/** The page at an address; undefined when there is none. */
export function pageOf(route: readonly string[]): Page | undefined {
  const [first = ''] = route
  return railPages.find(({ path }) => path === first)
}

// The table of pages: the address of each, its title, its key in the rail, and what draws it.

import type { JSX } from 'preact'

import { AlarmsPage } from './pages/alarms/alarms-page.tsx'
import { DevicePage } from './pages/device.tsx'
import { DrillsPage } from './pages/drills.tsx'
import { HandoverPage } from './pages/handover/handover-page.tsx'
import { JournalPage } from './pages/journal/journal-page.tsx'
import { NetworkPage } from './pages/network.tsx'
import { OverviewPage } from './pages/overview.tsx'
import { PairPage } from './pages/pair/pair.tsx'
import { PowerPage } from './pages/power.tsx'
import { ReportPage } from './pages/report/report.tsx'
import { SwitchoverPage } from './pages/switchover/switchover.tsx'
import { SystemPage } from './pages/system/system-page.tsx'
import { UpsDevicePage } from './pages/ups-device.tsx'
import { texts } from './texts.ts'

export type Page = { readonly title: string; readonly draw: () => JSX.Element }

type RailPage = Page & { readonly path: string; readonly key: string }

/** The pages of the rail, in its order. */
export const railPages: readonly RailPage[] = [
  { path: '', key: '1', title: texts.pages.overview, draw: () => <OverviewPage /> },
  { path: 'alarms', key: '2', title: texts.pages.alarms, draw: () => <AlarmsPage /> },
  { path: 'journal', key: '3', title: texts.pages.journal, draw: () => <JournalPage /> },
  { path: 'power', key: '4', title: texts.pages.power, draw: () => <PowerPage /> },
  { path: 'network', key: '5', title: texts.pages.network, draw: () => <NetworkPage /> },
  { path: 'drills', key: '6', title: texts.pages.drills, draw: () => <DrillsPage /> },
  { path: 'system', key: '7', title: texts.pages.system, draw: () => <SystemPage /> },
  { path: 'handover', key: '8', title: texts.pages.handover, draw: () => <HandoverPage /> },
]

/** The page at an address; undefined when there is none. */
export function pageOf(route: readonly string[]): Page | undefined {
  const [first = '', ...rest] = route
  if (first === 'pairs') return pairPageOf(rest)
  const [name] = rest
  if (first === 'power' && name !== undefined)
    return { title: `${texts.pages.device} ${name}`, draw: () => <UpsDevicePage name={name} /> }
  return railPages.find(({ path }) => path === first)
}

/** The pages of one pair: `NAME`, `NAME/switchover`, `NAME/switchover/ID`, `NAME/report/ID`, `NAME/units/A`. */
function pairPageOf([name, part, which]: readonly string[]): Page | undefined {
  const { pair, switchover, report, device } = texts.pages
  if (name === undefined) return undefined
  if (part === undefined) return { title: `${pair} ${name}`, draw: () => <PairPage name={name} /> }
  if (part === 'switchover')
    return {
      title: `${switchover} ${name}`,
      draw: () => <SwitchoverPage name={name} id={which} />,
    }
  if (which === undefined) return undefined
  if (part === 'report')
    return { title: `${report} ${which}`, draw: () => <ReportPage name={name} id={which} /> }
  if (part === 'units')
    return {
      title: `${device} ${name}.${which}`,
      draw: () => <DevicePage name={name} unit={which} />,
    }
  return undefined
}

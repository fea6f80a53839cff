// The alarms: what asks for something, what was put aside, what there was. One alarm is selected; what can be done about it stands
// below the list.

import { signal } from '@preact/signals'
import { type AlarmView, isAsking } from '../../../core/alarms/shown.ts'
import { plant } from '../../live/live.ts'
import { hrefOf, route } from '../../route.ts'
import { texts } from '../../texts.ts'
import { AlarmDetail } from './alarm-detail.tsx'
import { FilterBar, filterStamp, isFiltered, passes } from './alarm-filter.tsx'
import { AlarmHistory } from './alarm-history.tsx'
import { AlarmList } from './alarm-list.tsx'
import { AlarmRates, LoadLine } from './alarm-rates.tsx'

type ListTab = keyof typeof texts.alarms.captions
type Tab = keyof typeof texts.alarms.tabs

const isIn: Readonly<Record<ListTab, (alarm: AlarmView) => boolean>> = {
  active: isAsking,
  shelved: ({ state }) => state === 'shelved',
  suppressed: ({ state }) => state === 'suppressed',
  'out-of-service': ({ state }) => state === 'out of service',
}

/** The one alarm that keys and buttons are about. */
const selected = signal<AlarmView | undefined>(undefined)

export function AlarmsPage() {
  const asked = route.value[1] ?? 'active'
  const tab = isTab(asked) ? asked : 'active'
  const alarms = plant.value?.alarms ?? []
  return (
    <div class="alarms">
      <div class="page-head">
        <h1>{texts.pages.alarms}</h1>
        <LoadLine />
      </div>
      <Tabs open={tab} alarms={alarms} />
      {tab === 'rates' ? (
        <AlarmRates />
      ) : tab === 'history' ? (
        <AlarmHistory />
      ) : (
        <List key={tab} tab={tab} alarms={alarms} />
      )}
    </div>
  )
}

function List({ tab, alarms }: { tab: ListTab; alarms: readonly AlarmView[] }) {
  const ofTab = alarms.filter(isIn[tab])
  const listed = ofTab.filter(passes)
  const hidden = ofTab.length - listed.length
  return (
    <>
      <FilterBar />
      {isFiltered.value && hidden > 0 && (
        <p class="deviation" role="status">
          {texts.alarms.filtered(listed.length, ofTab.length)}
        </p>
      )}
      <AlarmList
        caption={texts.alarms.captions[tab]}
        empty={texts.alarms.empty[tab]}
        stamp={filterStamp.value}
        listed={listed}
        every={alarms}
        selected={selected}
      />
      <AlarmDetail selected={selected} />
    </>
  )
}

function Tabs({ open, alarms }: { open: Tab; alarms: readonly AlarmView[] }) {
  const tabs = Object.keys(texts.alarms.tabs).filter(isTab)
  return (
    <nav class="tabs" aria-label={texts.alarms.sections}>
      {tabs.map((tab) => (
        <a
          key={tab}
          href={tab === 'active' ? hrefOf('alarms') : hrefOf('alarms', tab)}
          aria-current={tab === open ? 'page' : undefined}
        >
          {texts.alarms.tabs[tab]}{' '}
          {isListTab(tab) && <b class="figures">{alarms.filter(isIn[tab]).length}</b>}
        </a>
      ))}
    </nav>
  )
}

const isTab = (word: string): word is Tab => Object.hasOwn(texts.alarms.tabs, word)
const isListTab = (tab: Tab): tab is ListTab => Object.hasOwn(isIn, tab)

// Policies that would not do what they promise are refused, each with what to do instead.

import assert from 'node:assert/strict'
import { type BadFile, changed, loadText, refusesEach } from './plant-text.ts'

const wired = 'mode: supervise\n    peer_interlock: wired'
const automatic = (more = ''): string => `policy: { switchover: automatic${more} }`

const table: readonly BadFile[] = [
  [
    'automatic switchover without a peer interlock',
    'policy: { confirm_s: 60 }',
    automatic(),
    [
      'plant.yaml:23:27 pairs[0].policy.switchover: "automatic" needs a hard-wired peer contact at both units: say "peer_interlock: wired" on the pair when it is so, or use "supervised"',
    ],
  ],
  [
    'immediate failback of a supervised pair',
    'confirm_s: 60',
    'failback: immediate',
    [
      'plant.yaml:23:25 pairs[0].policy.failback: "immediate" needs "switchover: automatic"; use "operator" or "window"',
    ],
  ],
  [
    'failback in a window when there is none',
    'confirm_s: 60',
    'failback: window',
    [
      'plant.yaml:23:25 pairs[0].policy.failback: "window" needs maintenance_windows in the plant file; there are none',
    ],
  ],
  [
    'a window that is empty',
    'site: Westhaven',
    "site: Westhaven\nmaintenance_windows: [{ days: [sat], from: '02:00', to: '02:00', zone: UTC }]",
    ['plant.yaml:2:57 maintenance_windows[0].to: the window is empty: it begins and ends at 02:00'],
  ],
  [
    'a window in a zone that does not exist',
    'site: Westhaven',
    "site: Westhaven\nmaintenance_windows: [{ days: [sat], from: '02:00', to: '03:00', zone: Europe/Olso }]",
    [
      'plant.yaml:2:72 maintenance_windows[0].zone: not a known time zone; expected a name such as Europe/Oslo or UTC, found "Europe/Olso"',
    ],
  ],
  [
    'a window without a day',
    'site: Westhaven',
    "site: Westhaven\nmaintenance_windows: [{ days: [], from: '02:00', to: '03:00', zone: UTC }]",
    ['plant.yaml:2:31 maintenance_windows[0].days: at least one day is needed'],
  ],
  [
    'a window at a time that no clock shows',
    'site: Westhaven',
    "site: Westhaven\nmaintenance_windows: [{ days: [sat], from: '24:00', to: '03:00', zone: UTC }]",
    [
      `plant.yaml:2:44 maintenance_windows[0].from: expected a time of day such as '02:00', found "24:00"`,
    ],
  ],
]

describe('A plant file whose policies cannot be kept', () => {
  refusesEach(table)

  it('refuses automatic switchover of units without the command block', async () => {
    const text = changed('policy: { confirm_s: 60 }', automatic()).replace(
      'profile: bumpless-block\n    mode: supervise',
      'profile: siemens-s7-1500rh\n    mode: observe\n    peer_interlock: wired',
    )
    const { lines } = await loadText(text)
    assert.ok(
      lines.some((line) =>
        line.includes(
          '"automatic" needs the command block in the units; the profile "siemens-s7-1500rh" has none',
        ),
      ),
      lines.join('\n'),
    )
  })

  it('refuses a second person beside nobody, and an answer that comes after the prompt has lapsed', async () => {
    const text = changed(
      'policy: { confirm_s: 60 }',
      automatic(', second_person: true, automatic_after_s: 90'),
    )
    const { lines } = await loadText(text.replace('mode: supervise', wired))
    assert.deepEqual(lines, [
      'plant.yaml:24:53 pairs[0].policy.second_person: a second person is asked for, and "switchover: automatic" asks for nobody: choose one',
      'plant.yaml:24:78 pairs[0].policy.automatic_after_s: automatic_after_s (90) must be shorter than confirm_s (60), or the prompt lapses first',
    ])
  })

  it('takes each of them when it can be kept', async () => {
    const windows =
      "site: Westhaven\nmaintenance_windows: [{ days: [sat, sun], from: '22:00', to: '02:00', zone: Europe/Oslo }]"
    for (const policy of [
      'failback: window',
      'failback: operator',
      'switchover: automatic, failback: immediate',
    ]) {
      const text = changed('confirm_s: 60', policy).replace('site: Westhaven', windows)
      const { result, lines } = await loadText(text.replace('mode: supervise', wired))
      assert.equal(result.ok, true, lines.join('\n'))
      const [window] = result.ok ? result.plant.maintenanceWindows : []
      assert.deepEqual(window, {
        days: ['sat', 'sun'],
        fromMin: 1320,
        toMin: 120,
        zone: 'Europe/Oslo',
      })
    }
  })
})

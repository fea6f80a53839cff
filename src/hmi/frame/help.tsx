// The list of keys that are bound now, and what a person can choose about keys and flashing.

import { bindings, useKeys } from '../keys.ts'
import { Dialog } from '../parts/dialog.tsx'
import { flashing, letterKeys } from '../settings.ts'
import { texts } from '../texts.ts'

type HelpProps = { isOpen: boolean; onOpen: () => void; onClose: () => void }

export function Help({ isOpen, onOpen, onClose }: HelpProps) {
  useKeys([{ key: '?', text: texts.help.title, act: onOpen }])
  if (!isOpen) return null
  return (
    <Dialog title={texts.help.title} onClose={onClose}>
      <table>
        <tbody>
          {bindings.value.map(({ key, text }) => (
            <tr key={key + text}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Choice label={texts.help.letters} setting={letterKeys} />
      <Choice label={texts.help.flashing} setting={flashing} />
      <button type="button" onClick={onClose}>
        {texts.help.close}
      </button>
    </Dialog>
  )
}

function Choice({ label, setting }: { label: string; setting: typeof flashing }) {
  return (
    <p>
      <label>
        <input
          type="checkbox"
          checked={setting.value === 'on'}
          onChange={({ currentTarget }) => {
            setting.value = currentTarget.checked ? 'on' : 'off'
          }}
        />{' '}
        {label}
      </label>
    </p>
  )
}

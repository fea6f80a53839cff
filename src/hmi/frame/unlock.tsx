// Asks for the password again after a quiet time, so that nobody orders in the name of somebody who went away.

import { useState } from 'preact/hooks'
import { Dialog } from '../parts/dialog.tsx'
import { session, unlock } from '../session.ts'
import { texts } from '../texts.ts'

export function Unlock({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState('')
  const [fault, setFault] = useState('')
  const submit = async (event: Event) => {
    event.preventDefault()
    const refusal = await unlock(password)
    setPassword('')
    if (refusal === undefined) onClose()
    else setFault(refusal.text)
  }
  return (
    <Dialog title={texts.frame.locked} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{texts.frame.unlockAsk}</p>
        <input type="hidden" autocomplete="username" value={session.value?.user} />
        <label>
          {texts.common.password}
          <input
            type="password"
            autocomplete="current-password"
            value={password}
            onInput={({ currentTarget }) => setPassword(currentTarget.value)}
          />
        </label>
        {fault !== '' && (
          <p class="refusal" role="alert">
            {fault}
          </p>
        )}
        <p>
          <button type="submit" class="strong">
            {texts.frame.unlock}
          </button>{' '}
          <button type="button" onClick={onClose}>
            {texts.common.cancel}
          </button>
        </p>
      </form>
    </Dialog>
  )
}

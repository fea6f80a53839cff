// Who is logged in, and the way to end a session from elsewhere: somebody went home without logging out.

import { useEffect, useState } from 'preact/hooks'
import type { AccessRole } from '../../../core/plant.ts'
import { order, type Result, read } from '../../api.ts'
import { Command } from '../../parts/command.tsx'
import { Refused } from '../../parts/refused.tsx'
import { Scroll } from '../../parts/scroll.tsx'
import { session } from '../../session.ts'
import { texts } from '../../texts.ts'
import { dateTimeText } from '../../time-text.ts'

/** As `GET /api/v1/sessions` gives it. */
type SessionRow = {
  readonly session: string
  readonly user: string
  readonly role: AccessRole
  readonly via: string
  readonly address: string
  readonly desk: boolean
  readonly browser: boolean
  readonly here: boolean
  readonly openedWallMs: number
  readonly expiresWallMs: number
}
type Listed = Result<{ readonly sessions: readonly SessionRow[] }>

const againMs = 10_000

export function SessionTable() {
  const [listed, setListed] = useState<Listed>()
  const readAgain = () => void read<{ sessions: SessionRow[] }>('sessions').then(setListed)
  useEffect(() => {
    readAgain()
    const again = setInterval(readAgain, againMs)
    return () => clearInterval(again)
  }, [])
  const words = texts.system.sessions
  const heads = [words.user, words.role, words.where, words.opened, words.expires, words.command]
  const seesAll = session.value?.rights.includes('sessions') === true
  return (
    <section>
      <h2>{words.title}</h2>
      {listed?.ok === false && <Refused refusal={listed.refusal} />}
      <Scroll label={words.caption}>
        <table class="records">
          <caption class="off-screen">{words.caption}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {listed?.ok === true &&
              listed.body.sessions.map((row) => (
                <Row key={row.session} row={row} onEnded={readAgain} />
              ))}
          </tbody>
        </table>
      </Scroll>
      {!seesAll && <p class="muted">{words.own}</p>}
    </section>
  )
}

function Row({ row, onEnded }: { row: SessionRow; onEnded: () => void }) {
  const { session: id, user, role, address, desk, browser, here } = row
  const words = texts.system.sessions
  const kind = desk ? words.desk : browser ? words.browser : words.program
  const end = async () => {
    const result = await order(`sessions/${encodeURIComponent(id)}/end`)
    if (result.ok) onEnded()
    return result
  }
  const isOwn = user === session.value?.user
  return (
    <tr>
      <th scope="row">
        {user} <span class="muted figures">{id}</span> {here && <b>({words.here})</b>}
      </th>
      <td>{role}</td>
      <td>
        {address}, {kind}
      </td>
      <td class="figures">{dateTimeText(row.openedWallMs)}</td>
      <td class="figures">{dateTimeText(row.expiresWallMs)}</td>
      <td>
        <Command right={isOwn ? 'view' : 'sessions'} onOrder={end} label={words.endOf(user, id)}>
          {words.end}
        </Command>
      </td>
    </tr>
  )
}

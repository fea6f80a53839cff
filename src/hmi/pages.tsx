// Where the pages begin: finds out who is here, listens to the keyboard and draws.

import { render } from 'preact'
import { App } from './app.tsx'
import { watchKeys } from './keys.ts'
import { noteActivity, settle } from './session.ts'

const place = document.getElementById('pages')
if (place === null) throw new Error('the page has no place for its content')

watchKeys()
for (const sign of ['keydown', 'pointerdown']) addEventListener(sign, noteActivity)
void settle()
place.replaceChildren()
render(<App />, place)

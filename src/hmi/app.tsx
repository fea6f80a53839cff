// The whole window: log-in, or the frame with the page that is open.

import { useEffect } from 'preact/hooks'
import { Banner } from './frame/banner.tsx'
import { Header } from './frame/header.tsx'
import { NoLiveData } from './frame/no-live-data.tsx'
import { PromptBar } from './frame/prompt-bar.tsx'
import { Rail } from './frame/rail.tsx'
import { follow, link, plant } from './live/live.ts'
import { pageOf } from './page-table.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { route } from './route.ts'
import { isSettled, session, settle, site } from './session.ts'
import { texts } from './texts.ts'

export function App() {
  if (!isSettled.value) return <Unreachable />
  const { value } = session
  return value === undefined ? (
    <SignInPage />
  ) : (
    <Frame key={value.session} session={value.session} />
  )
}

function Unreachable() {
  return (
    <main class="sign-in" id="page">
      <h1>bumpless</h1>
      <p role="status">{texts.signIn.unreachable}</p>
    </main>
  )
}

function Frame({ session }: { session: string }) {
  useEffect(() => follow(session, settle), [session])
  const page = pageOf(route.value)
  useEffect(() => {
    document.title = [page?.title ?? texts.pages.nothing, site.value?.site ?? 'bumpless'].join(
      ' - ',
    )
  })
  // A new page begins at its heading, for eyes, keyboard and screen readers alike.
  const place = route.value.join('/')
  useEffect(toPage, [place])
  return (
    <div class={`frame ${link.value}`}>
      <button type="button" class="skip" onClick={toPage}>
        {texts.frame.skip}
      </button>
      <Header />
      <Banner />
      <PromptBar />
      <NoLiveData />
      <Rail />
      <main id="page" tabIndex={-1}>
        {plant.value === undefined ? (
          <p class="waiting">{texts.pages.loading}</p>
        ) : (
          (page?.draw() ?? <p class="waiting">{texts.pages.nothing}</p>)
        )}
      </main>
    </div>
  )
}

function toPage(): void {
  document.getElementById('page')?.focus()
}

// Log-in, and the first account of a service that has none yet.

import { useId, useState } from 'preact/hooks'
import { order, type Refusal } from '../api.ts'
import { logIn, settle, site, wasEnded } from '../session.ts'
import { texts } from '../texts.ts'

export function SignInPage() {
  const here = site.value
  return (
    <main class="sign-in" id="page">
      <h1>{here?.site ?? 'bumpless'}</h1>
      {here?.notice !== undefined && <p class="notice">{here.notice}</p>}
      {here?.tls === false && !isLoopback() && (
        <p class="deviation" role="note">
          {texts.signIn.clear}
        </p>
      )}
      {wasEnded.value && (
        <p class="deviation" role="status">
          {texts.signIn.ended}
        </p>
      )}
      {here?.setup === true ? <SetUpForm /> : <LogInForm />}
      <p class="muted">bumpless {here?.version}</p>
    </main>
  )
}

function LogInForm() {
  const [refusal, setRefusal] = useState<Refusal>()
  const submit = async (event: SubmitEvent) => {
    const form = formOf(event)
    setRefusal(await logIn(form.text('user'), form.text('password'), form.text('desk') === 'on'))
  }
  return (
    <form onSubmit={submit}>
      <h2>{texts.signIn.title}</h2>
      <Field name="user" label={texts.signIn.user} complete="username" />
      <Field name="password" label={texts.signIn.password} complete="current-password" isSecret />
      <label class="choice">
        <input type="checkbox" name="desk" /> {texts.signIn.desk}
      </label>
      <Refused refusal={refusal} />
      <button type="submit" class="strong">
        {texts.signIn.logIn}
      </button>
    </form>
  )
}

function SetUpForm() {
  const [refusal, setRefusal] = useState<Refusal>()
  const submit = async (event: SubmitEvent) => {
    const form = formOf(event)
    const [token, user, password] = [form.text('token'), form.text('user'), form.text('password')]
    if (password !== form.text('repeat')) {
      return setRefusal({ status: 0, code: 'invalid', text: texts.signIn.differ })
    }
    const made = await order('setup', { token, user, password })
    if (!made.ok) return setRefusal(made.refusal)
    const refused = await logIn(user, password, false)
    if (refused !== undefined) await settle()
  }
  return (
    <form onSubmit={submit}>
      <h2>{texts.signIn.setUp}</h2>
      <p>{texts.signIn.setUpText}</p>
      <Field name="token" label={texts.signIn.token} complete="one-time-code" isSecret />
      <Field name="user" label={texts.signIn.user} complete="username" />
      <Field name="password" label={texts.signIn.password} complete="new-password" isSecret />
      <Field name="repeat" label={texts.signIn.repeat} complete="new-password" isSecret />
      <Refused refusal={refusal} />
      <button type="submit" class="strong">
        {texts.signIn.create}
      </button>
    </form>
  )
}

type FieldProps = { name: string; label: string; complete: string; isSecret?: boolean }

function Field({ name, label, complete, isSecret = false }: FieldProps) {
  const id = useId()
  const common = { id, name, required: true, autocomplete: complete }
  return (
    <label for={id}>
      {label}
      {isSecret ? <input {...common} type="password" /> : <input {...common} />}
    </label>
  )
}

function Refused({ refusal }: { refusal: Refusal | undefined }) {
  return (
    <p class="refusal" role="alert">
      {refusal?.text}
    </p>
  )
}

function formOf(event: SubmitEvent) {
  event.preventDefault()
  const data = new FormData(event.currentTarget as HTMLFormElement)
  return { text: (name: string) => String(data.get(name) ?? '') }
}

const isLoopback = (): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname)

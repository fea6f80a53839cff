// A field of the answer. Nothing is filled in beforehand, neither by the page nor by the browser.

import { useId } from 'preact/hooks'

type AnswerFieldProps = {
  label: string
  value: string
  onInput: (value: string) => void
  isSecret?: boolean
}

export function AnswerField({ label, value, onInput, isSecret = false }: AnswerFieldProps) {
  const id = useId()
  const common = {
    id,
    value,
    autocomplete: 'off',
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      onInput(currentTarget.value),
  }
  return (
    <label for={id}>
      {label}
      {isSecret ? (
        <input {...common} type="password" maxLength={1_000} />
      ) : (
        <input {...common} type="text" maxLength={500} autocapitalize="off" spellcheck={false} />
      )}
    </label>
  )
}

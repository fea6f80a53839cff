// The pages at the left, each with its key.

import { useKeys } from '../keys.ts'
import { railPages } from '../page-table.tsx'
import { go, hrefOf, route } from '../route.ts'
import { texts } from '../texts.ts'

export function Rail() {
  useKeys(railPages.map(({ key, title, path }) => ({ key, text: title, act: () => goTo(path) })))
  const [open = ''] = route.value
  return (
    <nav aria-label={texts.frame.navigation}>
      {railPages.map(({ key, path, title }) => (
        <a
          key={path}
          href={path === '' ? hrefOf() : hrefOf(path)}
          aria-current={open === path ? 'page' : undefined}
        >
          <kbd>{key}</kbd> {title}
        </a>
      ))}
    </nav>
  )
}

const goTo = (path: string): void => (path === '' ? go() : go(path))

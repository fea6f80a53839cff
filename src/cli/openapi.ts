// `openapi`: the HTTP API as an OpenAPI document, for programs that make clients or tests of it. Needs no service.

import { openApi } from '../serve/web/openapi.ts'
import { apiRows } from '../serve/web/routes.ts'

/** Writes the document as JSON; `version` is that of the program. Answers the exit code. */
export function openApiCommand(version: string, out: (line: string) => void): number {
  out(JSON.stringify(openApi(apiRows, version), null, 2))
  return 0
}

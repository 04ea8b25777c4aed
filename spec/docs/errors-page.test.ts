import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { renderErrorsPage } from '../../scripts/errors-table.mjs'
import { diagnosticKinds } from '../../src/base/diagnostic.ts'

const src = fileURLToPath(new URL('../../src', import.meta.url))

it('docs/errors.md lists every code (run `npm run docs` after a change)', async () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(^|[\\/])errors\.ts$/.test(file),
  )
  expect(files.length).toBeGreaterThan(5)
  await Promise.all(files.map((file) => import(`${src}/${file}`)))
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  expect(page).toBe(renderErrorsPage(diagnosticKinds()))
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { workbookPictures } from '../../scripts/pictures/workbook-pictures.ts'
import { BuiltWarehouse } from './built-warehouse.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const warehouse = new BuiltWarehouse([])

beforeAll(async () => {
  const { code, stdout, stderr } = await warehouse.run('build')
  expect(code, stdout + stderr).toBe(0)
}, 120_000)

afterAll(() => warehouse.remove())

it('leave the warehouse with a manifest beside each', () => {
  const made = [...warehouse.results()].filter(([id]) => id.startsWith('export.')).map(([, result]) => result)
  const files = readdirSync(join(warehouse.folder, 'exports/dev')).filter((name) => !name.endsWith('.manifest.json'))
  const exported = made.filter((result) => result.adapter_response['path'] !== undefined)
  expect(exported.map((result) => String(result.adapter_response['path'])).sort()).toEqual(
    files.map((name) => `exports/dev/${name}`).sort(),
  )
  for (const name of files)
    expect(existsSync(join(warehouse.folder, `exports/dev/${name}.manifest.json`)), name).toBe(true)
})

it('are drawn as they are described now, with the rows of now (`npm run pictures` draws them anew)', async () => {
  const pictures = await workbookPictures(root, warehouse.folder)
  expect(readdirSync(join(root, 'docs/pictures')).sort()).toEqual([...pictures.keys()].sort())
  for (const [name, svg] of pictures) {
    expect(readFileSync(join(root, 'docs/pictures', name), 'utf8') === svg, `docs/pictures/${name} is another`).toBe(
      true,
    )
    expect(svg.length, name).toBeLessThan(150_000)
  }
})

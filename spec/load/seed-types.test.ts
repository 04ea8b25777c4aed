import { afterEach, expect, it } from 'vitest'
import { Engine } from '../../src/commands/engine.ts'
import { TemporaryProject } from '../errors/temporary-project.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

it.each([
  ['whole numbers with an empty cell', '10\n""\n5', 'BIGINT'],
  ['fractions with an empty cell', '1.50\n\n2.25', 'DECIMAL(18,2)'],
  ['leading zeros', '007\n\n12', 'VARCHAR'],
  ['beyond 53 bits', '9007199254740993\n\n1', 'BIGINT'],
  ['beyond 64 bits', '92233720368547758070\n\n1', 'HUGEINT'],
  ['days', '2024-02-29\n\n2024-03-01', 'DATE'],
  ['a day that is none', '2024-02-30\n\n2024-03-01', 'VARCHAR'],
  ['truth', 'true\n\nFALSE', 'BOOLEAN'],
  ['nothing at all', '\n\n', 'VARCHAR'],
])('a seed column of %s', async (_, cells, type) => {
  const rows = cells.split('\n').map((cell, i) => `${i},${cell === '""' ? '' : cell}`)
  project = new TemporaryProject({ 'seeds/s.csv': `n,v\n${rows.join('\n')}\n` })
  expect(await project.build({ select: ['s'] })).toEqual({ exitCode: 0, found: [] })
  const engine = await Engine.open({ projectDir: project.root, env: {} })
  const { tables } = await engine.show({ inline: 'select v from {{ref "s"}} order by n' })
  expect(tables[0]!.rows.columns).toEqual([{ name: 'v', type }])
})

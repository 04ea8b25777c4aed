import { expect, it } from 'vitest'
import { tmdlColumn, tmdlFile } from './tmdl-text.ts'

it('quotes what would end a name, or be taken for something else', () => {
  expect(tmdlColumn("O'Neil", 'a.b')).toBe("'O''Neil'.'a.b'")
  expect(tmdlColumn('2024-05', '[x] (y)')).toBe("2024-05.'[x] (y)'")
  const text = (value: string) =>
    tmdlFile([{ type: 'column', name: 'c', properties: [{ key: 'format', text: value }] }])
  expect(text('"€" 0')).toContain('\tformat: "€" 0\n')
  expect(text('"a" 0 "b"')).toContain('\tformat: """a"" 0 ""b"""\n')
  expect(text(' 0')).toContain('\tformat: " 0"\n')
  expect(text('```')).toContain('\tformat: "```"\n')
})

it('indents expressions of several lines and their blank lines', () => {
  const file = tmdlFile([
    { type: 'measure', name: 'm', value: '\n  VAR x =\n    1  \n\nRETURN x\n', description: 'a\n\n  b' },
  ])
  expect(file).toBe('/// a\n/// \n/// b\nmeasure m =\n\t\tVAR x =\n\t\t    1\n\t\t\n\t\tRETURN x\n\n')
})

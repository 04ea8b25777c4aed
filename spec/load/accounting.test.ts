import { describe, expect, it } from 'vitest'
import { column, counts, type Loading, loadingOnEachEngine } from './loading.ts'

/** Numbers that are the same in every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const PIECES = [
  '1',
  '22',
  'x',
  'é🎉',
  ',',
  ',',
  ',',
  '"',
  '""',
  '\n',
  '\n',
  '\r\n',
  '\r',
  ' ',
  '\u0000',
  '-',
  '1.5',
  '2024-01-02',
  '"a\nb"',
  ';',
]

function garbage(next: () => number): string {
  const length = Math.floor(next() * 60)
  return Array.from({ length }, () => PIECES[Math.floor(next() * PIECES.length)]!).join('')
}

/** Every character of the file that is neither a delimiter, a quote nor a break must be in the table or the quarantine. */
async function keptText(loading: Loading): Promise<string> {
  const kept = await loading.rows(`select coalesce(string_agg(t, ''), '') from (
    select concat(a, b) as t from items union all select _raw from items__quarantine) as texts`)
  return String(kept[0]![0])
}

function letters(text: string): string {
  return [...text.replaceAll('\u2400', '')]
    .filter((c) => /[0-9x\-é🎉a;b]/u.test(c))
    .sort()
    .join('')
}

loadingOnEachEngine((startLoading) => {
  describe('accounting', () => {
    it('adds up for many files of garbage, and no character is lost', async () => {
      const next = random(7)
      const loading = await startLoading({}, { columns: ['a', 'b'].map(column), files: { location: ['data/a.csv'] } })
      let refused = 0
      // A server is asked more questions a load.
      const files = loading.on({ duckdb: 100, postgres: 25 })
      for (let i = 0; i < files; i++) {
        const body = garbage(next)
        loading.write('data/a.csv', `a,b\n${body}`)
        const result = await loading.load({ fullRefresh: true })
        const [input, accepted, quarantined] = counts(result)
        const stored = await loading.rows(
          'select (select count(*) from items), (select count(*) from items__quarantine)',
        )
        expect(stored).toEqual([[accepted, quarantined]])
        expect(input).toBe(accepted! + quarantined!)
        expect(letters(await keptText(loading)), JSON.stringify(body)).toBe(letters(body))
        refused += quarantined!
      }
      expect(refused).toBeGreaterThan(files / 2)
    })

    it('reads plain rows the same in both ways, with the same lines', async () => {
      const next = random(11)
      const value = () =>
        ['', '1', '-7', '1.0', '1.5', 'x', '""', '"8"', ' 9 ', '2024-01-02', '"a ""b"""', '007'][
          Math.floor(next() * 12)
        ]!
      const rows = Array.from({ length: 3000 }, () => [value(), value(), value(), value()].join(','))
      const columns = ['a bigint', 'b date', 'c', 'd decimal(9,2)'].map(column)
      const setup = { columns, files: { location: ['data/a.csv'] } }
      const plain = await startLoading({ 'data/a.csv': `a,b,c,d\n${rows.join('\n')}\n` }, setup)
      // A blank line at the end makes the file one that the engine does not read by itself.
      const split = await startLoading({ 'data/a.csv': `a,b,c,d\n${rows.join('\n')}\n\n` }, setup)
      expect(counts(await plain.load())).toEqual(counts(await split.load()))
      for (const sql of [
        'select a, b, c, d, _line from items order by _line',
        'select * from items__quarantine order by _line',
      ]) {
        expect(await plain.rows(sql)).toEqual(await split.rows(sql))
      }
      const quarantined = await plain.rows('select _line, _raw from items__quarantine')
      for (const [line, raw] of quarantined) expect(raw).toBe(rows[Number(line) - 2])
    })

    it('knows the line of each of 300,000 rows that the engine reads in parallel', async () => {
      const text = Array.from({ length: 300_000 }, (_, i) => `${i + 2},${'x'.repeat(i % 90)},2024-01-02`).join('\r\n')
      const loading = await startLoading(
        { 'data/a.csv': `line,text,day\r\n${text}` },
        { columns: ['line bigint', 'text', 'day date'].map(column) },
      )
      expect(counts(await loading.load())).toEqual([300_000, 300_000, 0, 0])
      expect(
        await loading.rows('select count(*) filter (where line <> _line), count(distinct _line) from items'),
      ).toEqual([[0, 300_000]])
      loading.write('data/b.csv', `line,text,day\n${text.replaceAll('\r', '')}\nbad,,\n`)
      expect(counts(await loading.load())).toEqual([300_001, 300_000, 1, 0])
      expect(await loading.rows('select count(*) filter (where line <> _line), count(*) from items')).toEqual([
        [0, 600_000],
      ])
      expect(await loading.rows('select _line, _raw from items__quarantine')).toEqual([[300_002, 'bad,,']])
    })
  })
})

import { describe, expect, test } from 'vitest'
import { buildWorkbook } from './build-workbook.ts'
import { brokenNames } from './check-twb.ts'
import { everySheet } from './every-sheet.ts'
import { SAMPLE } from './sample-workbook.ts'
import { SCHEMAS, schemaErrors } from './validate-twb.ts'

const sample = buildWorkbook(SAMPLE)
const newer = buildWorkbook(SAMPLE, '26.1')
const every = buildWorkbook(everySheet('{ base: dark, axis_line: "#444" }'))

describe('a workbook', () => {
  test('can be built of every kind of sheet with every option', () => {
    expect([sample.told, newer.told, every.told]).toEqual([[], [], []])
    expect(every.document.match(/<worksheet /g)!.length).toBeGreaterThan(500)
  })

  test.each(SCHEMAS)('is valid by %s', async (schema) => {
    const documents = { sample: sample.document, newer: newer.document, every: every.document }
    expect(await schemaErrors(schema, documents)).toEqual({ sample: [], newer: [], every: [] })
  })

  test('names nothing that is not there', () => {
    expect(brokenNames(sample.document)).toEqual([])
    expect(brokenNames(every.document)).toEqual([])
  })

  test('is the same every time', () => {
    expect(buildWorkbook(SAMPLE).document).toBe(sample.document)
  })

  test('is read by every version since 2018 unless it is to use what only newer ones know', () => {
    expect(sample.document).toMatch(/<workbook [^>]*version='18\.1'/)
    expect(sample.document).not.toContain('corner-radius')
    expect(newer.document).toMatch(/<workbook [^>]*version='26\.1'/)
    expect(newer.document).toContain("<format attr='corner-radius' value='12' />")
    expect(newer.document).toContain('<ManifestByVersion />')
  })
})

/** Documents that must not pass: the checks see what they are for. */
describe('a spoilt workbook', () => {
  const spoilt = (from: RegExp, to: string): string => {
    const document = sample.document.replace(from, to)
    expect(document).not.toBe(sample.document)
    return document
  }

  const mutations: readonly (readonly [what: string, from: RegExp, to: string, named: string])[] = [
    ['a mark that is none', /<mark class='Line' \/>/, "<mark class='Lines' />", 'Lines'],
    ['a sheet without an id', /<simple-id uuid='[^']*' \/>\s*<\/worksheet>/, '</worksheet>', 'simple-id'],
    ['shelves in the wrong order', /(<rows[^\n]*)\n(\s*<cols[^\n]*)/, '$2\n$1', 'cols'],
    ['a style that is none', /<style-rule element='gridline'>/, "<style-rule element='grid'>", 'grid'],
    ['a size in words', /maxheight='900'/, "maxheight='tall'", 'tall'],
    ['an id that is none', /<simple-id uuid='[^']*'/, "<simple-id uuid='{0}'", '{0}'],
    ['a palette that is none', /type='ordered-sequential'/, "type='rainbow'", 'rainbow'],
    ['two sheets of one name', /<worksheet name='Geo'>/, "<worksheet name='Trend'>", 'DemandWorksheetNameUnique'],
  ]

  test.each(SCHEMAS)('is refused by %s', async (schema) => {
    const documents = Object.fromEntries(mutations.map(([what, from, to]) => [what, spoilt(from, to)]))
    const errors = await schemaErrors(schema, documents)
    for (const [what, , , named] of mutations) expect(errors[what]!.join('\n'), what).toContain(named)
  })

  test.each([
    ['a shelf with a field that is not declared', /<cols>(\S+)\.\[tmn:date:qk\]/, '<cols>$1.[tyr:date:qk]', 'uses'],
    ['a zone of a sheet that is not there', /(<zone [^>]*)name='Geo'>/, "$1name='Gio'>", 'Gio'],
    ['a window of nothing', /<window class='dashboard' name='Life'>/, "<window class='dashboard' name='Live'>", 'Live'],
    ['a filter outside of its slices', /<slices>[\s\S]*?<\/slices>/, '<slices />', 'slices'],
    ['a formula that reads what is not there', /SUM\(\[value\]\)/, 'SUM([velue])', '[velue]'],
    ['a zone that juts out', /w='\d+'( h='\d+' id='3')/, "w='99999'$1", 'juts out'],
    ['a map without a source', /<mapsources>\s*<mapsource [^>]*>\s*<\/mapsources>(?=\s*<datasource-dep)/, '', 'map'],
  ])('with %s is refused by the check of names', (_, from, to, named) => {
    expect(brokenNames(spoilt(from, to)).join('\n')).toContain(named)
  })
})

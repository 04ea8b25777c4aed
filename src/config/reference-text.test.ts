import { describe, expect, it } from 'vitest'
import { parseReferenceText } from './reference-text.ts'

describe('parseReferenceText', () => {
  it.each([
    ["ref('a')", { kind: 'ref', package: undefined, name: 'a', version: undefined }],
    [' ref( "p" , \'a\' ) ', { kind: 'ref', package: 'p', name: 'a', version: undefined }],
    ["ref('a', v=2)", { kind: 'ref', package: undefined, name: 'a', version: '2' }],
    ["source('s', 't')", { kind: 'source', source: 's', table: 't' }],
    ['this', { kind: 'this' }],
    ['ref(a)', undefined],
    ["source('s')", undefined],
    ["ref('a', 'b', 'c')", undefined],
    ['orders', undefined],
  ])('%s', (text, expected) => {
    expect(parseReferenceText(text)).toEqual(expected)
  })
})

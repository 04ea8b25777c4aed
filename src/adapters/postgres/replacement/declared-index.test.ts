import { describe, expect, it } from 'vitest'
import type { IndexSpec } from '../../replacement.ts'
import { createDeclared, declaredIndexes, isOurs } from './declared-index.ts'

const spec = (more: Partial<IndexSpec> = {}): IndexSpec => ({
  ...{ columns: ['a'], unique: false, type: null, include: [], where: null, name: null },
  ...more,
})

describe('declaredIndexes', () => {
  it('names an index after its table, its columns and its definition', () => {
    const [plain, partial, expression] = declaredIndexes('t', [
      spec(),
      spec({ where: 'a > 0' }),
      spec({ columns: ['(lower(b))', 'c'] }),
    ])
    expect(plain!.name).toMatch(/^t_a_[0-9a-f]{8}$/)
    expect(partial!.name).toMatch(/^t_a_[0-9a-f]{8}$/)
    expect(partial!.name).not.toBe(plain!.name)
    expect(expression!.name).toMatch(/^t_expr_c_[0-9a-f]{8}$/)
    expect(isOurs({ comment: plain!.mark })).toBe(true)
    expect(isOurs({ comment: 'made by hand' })).toBe(false)
  })

  it('cuts whole characters', () => {
    const { name } = declaredIndexes('é'.repeat(60), [spec()])[0]!
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
    expect(name).toMatch(/^é+_[0-9a-f]{8}$/)
  })

  it('keeps a name that is given, and marks a change of what it stands for', () => {
    const [one, other] = declaredIndexes('t', [spec({ name: 'n' }), spec({ name: 'n', unique: true })])
    expect([one!.name, other!.name]).toEqual(['n', 'n'])
    expect(one!.mark).not.toBe(other!.mark)
  })
})

describe('createDeclared', () => {
  it('quotes names and leaves expressions as they are', () => {
    const full = spec({
      ...{ columns: ['A b', ' (a || ")")'], unique: true, type: 'btree', include: ['c'], where: "d <> ';'" },
    })
    expect(createDeclared(declaredIndexes('t', [full])[0]!, 'i', '"s"."t"')).toBe(
      `create unique index "i" on "s"."t" using "btree" ("A b",  (a || ")")) include ("c") where d <> ';'`,
    )
  })
})

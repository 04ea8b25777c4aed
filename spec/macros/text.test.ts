import { describe, expect, it } from 'vitest'
import { onEachEngine } from './on-each-engine.ts'

onEachEngine((db) => {
  describe('matches', () => {
    it.each([
      ["'abc'", 'a.c', true],
      ["'xabc'", 'a.c', false],
      ["'abcx'", 'a.c', false],
      ["'ab'", 'a|ab', true],
      ["'a' || chr(10) || 'c'", 'a.c', true],
      ["'O''Brien'", "O'B[a-z]+", true],
      ["''", '[a-z]*', true],
      ["'A'", 'a', false],
      ["'12.5'", '[0-9]+\\.[0-9]+', true],
      ['cast(null as text)', 'a', null],
    ])('%s as a whole against %s', async (expression, pattern, expected) => {
      expect(await db.value(`{{matches "${expression}" "${pattern}"}}`)).toBe(expected)
    })
  })

  it('split_part counts from 1, and from the end with a minus', async () => {
    expect(await db.value(`{{split_part "'a<>b<>c'" "'<>'" "-2"}}`)).toBe('b')
    const part = (n: number) => db.value(`{{split_part "'a-é-c'" "'-'" ${n}}}`)
    expect([await part(1), await part(2), await part(3), await part(4), await part(-1)]).toEqual([
      'a',
      'é',
      'c',
      '',
      'c',
    ])
    expect(await db.value(`{{split_part "cast(null as text)" "','" 1}}`)).toBe(null)
  })

  it('right and position count characters', async () => {
    expect(await db.value(`{{right "'aé🎉'" 2}}`)).toBe('é🎉')
    expect(await db.value(`{{position "'🎉'" "'aé🎉'"}}`)).toBe(3)
    expect(await db.value(`{{position "'z'" "'aé🎉'"}}`)).toBe(0)
  })

  it('byte_order sorts by bytes', async () => {
    const sql = `select s from (values ('b'), ('B'), ('é'), ('a'), ('_')) as t (s) order by {{byte_order "s"}}`
    expect((await db.rows(sql)).flat()).toEqual(['B', '_', 'a', 'b', 'é'])
  })

  it('escape_single_quotes doubles apostrophes', async () => {
    expect(await db.value(`'{{escape_single_quotes "it's 'so'"}}'`)).toBe("it's 'so'")
  })

  describe('URLs', () => {
    it.each([
      ['https://shop.example/p/1?utm_source=news&utm_medium=email#top', 'utm_source', 'news'],
      ['https://shop.example/?a=1&utm_medium=email#utm_source=x', 'utm_medium', 'email'],
      ['https://shop.example/?xutm_source=no', 'utm_source', null],
      ['https://shop.example/?utm_source=', 'utm_source', null],
      ['https://shop.example/', 'utm_source', null],
      ['utm_source=a&utm_medium=b', 'utm_source', 'a'],
    ])('parameter of %s', async (url, name, expected) => {
      expect(await db.value(`{{get_url_parameter "'${url}'" "${name}"}}`)).toBe(expected)
    })

    it.each([
      ['https://shop.example:8080/p/1?x=/y#z', 'shop.example', 'p/1'],
      ['shop.example/p/', 'shop.example', 'p/'],
      ['android-app://com.shop/open', 'com.shop', 'open'],
      ['https://shop.example?x=1', 'shop.example', ''],
    ])('host and path of %s', async (url, host, path) => {
      expect(await db.value(`{{get_url_host "'${url}'"}}`)).toBe(host)
      expect(await db.value(`{{get_url_path "'${url}'"}}`)).toBe(path)
    })

    it('keeps null', async () => {
      for (const macro of ['get_url_host', 'get_url_path'])
        expect(await db.value(`{{${macro} "cast(null as text)"}}`)).toBe(null)
      expect(await db.value('{{get_url_parameter "cast(null as text)" "a"}}')).toBe(null)
    })
  })

  describe('json_get', () => {
    const payload = `'{"a": {"b c": [1.5, null, "x''y", {"z": true}]}, "d.e": "é", "~/": 1, "n": 12345678901234567890}'`
    it.each([
      ['a.b c.0', '1.5'],
      ['a.b c.1', null],
      ['a.b c.2', "x'y"],
      ['a.b c.3.z', 'true'],
      ['a.b c.9', null],
      ['missing.deep', null],
      ['~/', '1'],
      ['n', '12345678901234567890'],
    ])('%s', async (path, expected) => {
      expect(await db.value(`{{json_get payload "${path}"}}`, { payload })).toBe(expected)
    })

    it('takes another separator, and objects as text', async () => {
      expect(await db.value('{{json_get payload "d.e" separator="/"}}', { payload })).toBe('é')
      expect(await db.value('{{json_get payload "a"}}', { payload: `'{"a":{"b":1}}'` })).toBe('{"b":1}')
      expect(await db.value('{{json_get "cast(null as text)" "a"}}')).toBe(null)
    })
  })
})

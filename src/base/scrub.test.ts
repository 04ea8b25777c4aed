import { describe, expect, it } from 'vitest'
import { isCredentialKey, Scrubber } from './scrub.ts'

describe('Scrubber', () => {
  it('hides the values of secret variables and leaves other variables alone', () => {
    const scrubber = Scrubber.fromEnvironment({
      TSDBT_SECRET_PW: 'hunter2',
      DBT_ENV_SECRET_T: 'tok-en',
      HOME: '/home/ana',
    })
    expect(scrubber.scrub('hunter2 and tok-en in /home/ana')).toBe('***** and ***** in /home/ana')
  })

  it('tells where secrets stand', () => {
    const scrubber = new Scrubber()
    expect(scrubber.find('hunter2')).toEqual([])
    scrubber.add('hunter2')
    expect(scrubber.find('a hunter2 b hunter2')).toEqual([
      { start: 2, end: 9 },
      { start: 12, end: 19 },
    ])
  })

  it('hides the forms in which drivers repeat a secret', () => {
    const scrubber = new Scrubber()
    scrubber.add(`a/b 'c"\n`)
    const forms = [
      `a/b 'c"\n`,
      JSON.stringify({ p: `a/b 'c"\n` }),
      `password='a/b ''c"\n'`,
      `postgres://u:${encodeURIComponent(`a/b 'c"\n`)}@h`,
    ]
    expect(forms.map((form) => scrubber.scrub(form))).toEqual([
      '*****',
      '{"p":"*****"}',
      `password='*****'`,
      'postgres://u:*****@h',
    ])
  })

  it('hides each long line of a key, because logs break lines', () => {
    const scrubber = new Scrubber()
    scrubber.add('-----BEGIN KEY-----\nMIIEvQIBADAN\n-----END KEY-----')
    expect(scrubber.scrub('read MIIEvQIBADAN')).toBe('read *****')
  })

  it('prefers the longer of two secrets that begin alike', () => {
    const scrubber = new Scrubber()
    scrubber.add('abcd')
    scrubber.add('abcdefgh')
    expect(scrubber.scrub('abcdefgh')).toBe('*****')
  })

  it('does not garble a text because of an empty or tiny value', () => {
    const scrubber = new Scrubber()
    for (const value of ['', ' ', 'a', '12']) scrubber.add(value)
    expect(scrubber.scrub('a 12 b')).toBe('a 12 b')
  })
})

describe('isCredentialKey', () => {
  it.each(['password', 'pass', 'api_key', 'motherduck_token', 'clientSecret', 'key', 'aws_secret_access_key'])(
    'knows %s',
    (key) => {
      expect(isCredentialKey(key)).toBe(true)
    },
  )
  it.each(['path', 'schema', 'keyword', 'compass', 'unique_keys', 'passthrough'])('leaves %s', (key) => {
    expect(isCredentialKey(key)).toBe(false)
  })
})

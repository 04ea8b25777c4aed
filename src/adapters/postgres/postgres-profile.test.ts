import { describe, expect, it } from 'vitest'
import { UserError } from '../../base/errors.ts'
import type { ConfigValue } from '../../config/node-config.ts'
import { describePostgres } from './describe-postgres.ts'
import { parsePostgresProfile } from './postgres-profile.ts'

type Values = { readonly [key: string]: ConfigValue }

const least: Values = { host: 'db.example', user: 'etl', dbname: 'shop' }

function parse(values: Values) {
  return parsePostgresProfile({
    values: { type: 'postgres', ...values },
    spanOf: (path, part) => ({ path: `${path.join('.')}:${part}`, start: 0, end: 1 }),
  })
}

/** Code, key and place of every mistake. */
function mistakes(values: Values): readonly string[] {
  try {
    parse(values)
  } catch (error) {
    if (error instanceof UserError) return error.diagnostics.map((d) => `${d.code} ${d.span?.path}`)
    throw error
  }
  return []
}

describe('a target of Postgres', () => {
  it('needs a server, a user and a database; the rest has defaults', () => {
    expect(parse(least)).toEqual({
      type: 'postgres',
      embedded: false,
      host: 'db.example',
      port: 5432,
      user: 'etl',
      password: undefined,
      database: 'shop',
      schema: 'public',
      threads: undefined,
      schemaNaming: 'prefix',
      role: undefined,
      searchPath: undefined,
      sslMode: 'prefer',
      sslRootCert: undefined,
      sslCert: undefined,
      sslKey: undefined,
      connectTimeoutMs: 10_000,
      statementTimeoutMs: undefined,
      lockTimeoutMs: undefined,
      applicationName: 'tsdbt',
      keepaliveMs: 60_000,
      retries: 3,
      span: { path: 'type:value', start: 0, end: 1 },
    })
    const missing = 'db/missing-profile-key type:value'
    expect(mistakes({})).toEqual([missing, missing, missing])
  })

  it('takes every key, and numbers that are text as variables of the environment are', () => {
    const profile = parse({
      ...least,
      port: '6543',
      pass: 'p',
      schema: 'marts',
      role: 'owner',
      search_path: 'a, b',
      sslmode: 'verify-full',
      sslrootcert: 'ca.crt',
      sslcert: 'me.crt',
      sslkey: 'me.key',
      connect_timeout: '3',
      statement_timeout: '5min',
      lock_timeout: 250,
      application_name: 'nightly',
      keepalives_idle: 0,
      retries: '0',
      threads: '8',
      schema_naming: 'plain',
    })
    expect(profile).toMatchObject({
      port: 6543,
      password: 'p',
      schema: 'marts',
      role: 'owner',
      searchPath: 'a, b',
      sslMode: 'verify-full',
      sslRootCert: { path: 'ca.crt', span: { path: 'sslrootcert:value' } },
      connectTimeoutMs: 3000,
      statementTimeoutMs: 300_000,
      lockTimeoutMs: 250,
      applicationName: 'nightly',
      keepaliveMs: 0,
      retries: 0,
      threads: 8,
      schemaNaming: 'plain',
    })
  })

  it.each([
    ['250', 250],
    ['250ms', 250],
    ['2 s', 2000],
    ['1h', 3_600_000],
    [0, 0],
  ])('reads a timeout of %s', (written, milliseconds) => {
    expect(parse({ ...least, statement_timeout: written }).statementTimeoutMs).toBe(milliseconds)
  })

  it.each([
    ['db/unknown-profile-key hots:key', { hots: 'x' }],
    ['db/bad-profile-value port:value', { port: 70_000 }],
    ['db/bad-profile-value port:value', { port: '54x' }],
    ['db/bad-profile-value sslmode:value', { sslmode: 'always' }],
    ['db/bad-profile-value statement_timeout:value', { statement_timeout: '3 parsecs' }],
    ['db/bad-profile-value lock_timeout:value', { lock_timeout: -1 }],
    ['db/bad-profile-value lock_timeout:value', { lock_timeout: '100d' }],
    ['db/bad-profile-value retries:value', { retries: 1.5 }],
    ['db/bad-profile-value embedded:value', { embedded: 'yes' }],
    ['db/bad-profile-value host:value', { host: 7 }],
    ['db/bad-profile-value pass:value', { password: 'a', pass: 'b' }],
    ['db/bad-profile-value database:value', { database: 'other' }],
    ['db/missing-profile-key sslcert:key', { sslcert: 'a.crt' }],
    ['db/missing-profile-key sslkey:key', { sslkey: 'a.key' }],
  ])('says once %s', (mistake, values: Values) => {
    expect(mistakes({ ...least, ...values })).toEqual([mistake])
  })

  it('takes either name of database and password', () => {
    expect(parse({ host: 'h', user: 'u', database: 'd', pass: 'p' })).toMatchObject({ database: 'd', password: 'p' })
    expect(mistakes({ ...least, database: 'shop', password: 'p', pass: 'p' })).toEqual([])
  })

  it('shows where it leads without user and password', () => {
    expect(describePostgres(parse({ ...least, password: 'p' }))).toBe('db.example:5432/shop')
  })
})

describe('an embedded target', () => {
  it('needs nothing', () => {
    expect(parse({ embedded: true })).toMatchObject({ embedded: true, database: 'dev', schema: 'public' })
    expect(parse({ embedded: true, dbname: 'mine' }).database).toBe('mine')
  })

  it('has an address of its own', () => {
    expect(mistakes({ embedded: true, host: 'h', port: 1, password: 'p' })).toEqual([
      'db/bad-profile-value host:value',
      'db/bad-profile-value port:value',
      'db/bad-profile-value password:value',
    ])
  })
})

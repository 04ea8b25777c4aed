import { describe, expect, it } from 'vitest'
import { HandBuiltProject } from '../../spec/artifacts/hand-built-project.ts'
import type { LoadRequest, LoadResult } from '../adapters/load.ts'
import { MemberRun } from './member-run.ts'
import { nodeMessage } from './node-message.ts'

function done(did: string, rows: number | null): string {
  const member = new MemberRun(new HandBuiltProject().model('m').build().models[0]!)
  member.did = did
  member.rows = rows
  return nodeMessage(member).message
}

function loaded(more: Partial<LoadResult>) {
  const member = new MemberRun(new HandBuiltProject().source('s', 't', { loaded: true }).build().sources[0]!)
  const counts = { rowsInput: 0, rowsAccepted: 0, rowsQuarantined: 0, rowsDuplicate: 0 }
  const result = { ...counts, filesLoaded: [], filesUnchanged: 0, filesRemoved: [], diagnostics: [], ...more }
  member.load = { request: {} as LoadRequest, result, failed: false, relations: [], state: null }
  return nodeMessage(member)
}

describe('nodeMessage', () => {
  it('says in dbt’s words what was done', () => {
    expect(done('create view', 0)).toBe('CREATE VIEW')
    expect(done('create table', null)).toBe('CREATE TABLE')
    expect(done('create table', 12)).toBe('SELECT 12')
    expect(done('merge rows', 3)).toBe('MERGE 3')
    expect(done('insert rows', 0)).toBe('INSERT 0')
    expect(done('load seed', 4)).toBe('INSERT 4')
  })

  it('accounts for the rows of a load', () => {
    const counts = { rowsInput: 12, rowsAccepted: 9, rowsQuarantined: 2, rowsDuplicate: 1 }
    const { message, adapterResponse } = loaded({ ...counts, filesLoaded: ['a.csv', 'b.csv'], filesUnchanged: 3 })
    expect(message).toBe('LOAD 9 rows (2 quarantined, 1 duplicate) from 2 files')
    expect(adapterResponse).toEqual({
      _message: message,
      code: 'LOAD',
      rows_affected: 9,
      rows_input: 12,
      rows_accepted: 9,
      rows_quarantined: 2,
      rows_duplicate: 1,
      files_loaded: 2,
      files_unchanged: 3,
    })
  })

  it('says when nothing was new, and when files are gone', () => {
    expect(loaded({ filesUnchanged: 2 }).message).toBe('no new files')
    expect(loaded({ filesRemoved: ['a.csv'] }).message).toBe(
      'LOAD 0 rows (0 quarantined, 0 duplicates) from 0 files, 1 file gone',
    )
  })
})

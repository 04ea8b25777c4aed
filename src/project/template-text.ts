import type { Template } from '../template/template.ts'

/** What a template holds besides definitions: something to run, comments only, or nothing. */
export function textKind(template: Template): 'statement' | 'comments' | 'empty' {
  let comments = template.file.text.includes('{{!')
  for (const statement of template.program.body) {
    if (statement.type === 'config' || statement.type === 'set' || statement.type === 'push') continue
    if (statement.type !== 'content') return 'statement'
    if (statement.text.trim() === '') continue
    if (statement.text.replace(/--[^\r\n]*|\/\*[\s\S]*?\*\//g, '').trim() !== '') return 'statement'
    comments = true
  }
  return comments ? 'comments' : 'empty'
}

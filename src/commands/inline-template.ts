import type { Diagnostic } from '../base/diagnostic.ts'
import { UserError } from '../base/errors.ts'
import { SourceFile } from '../base/source-file.ts'
import { parseTemplate } from '../template/parse-template.ts'
import type { Template } from '../template/template.ts'
import type { Workspace } from './workspace.ts'

/** A text of the command line as a template. Raises `UserError` with places in `<--inline>` or whatever `flag` is. */
export function inlineTemplate(workspace: Workspace, flag: string, text: string): Template {
  const file = workspace.files.add(new SourceFile(`<${flag}>`, text))
  const { template, diagnostics } = parseTemplate(file, { packageName: workspace.project.name })
  const errors: readonly Diagnostic[] = diagnostics.filter((d) => d.severity === 'error')
  if (template === undefined || errors.length > 0) throw new UserError(errors)
  return template
}

import { SourceFile, type SourceSet } from '../base/source-file.ts'
import type { Hook } from '../config/node-config.ts'
import { type ParsedTemplate, parseTemplate, parseText } from '../template/parse-template.ts'

/** What parsing a hook needs. */
export interface HookReading {
  readonly files: SourceSet
  readonly packageName: string
  /** Names the text when it does not stand in a file as it is, for example `models/a.sql (post-hook)`. */
  readonly label: string
}

/** Parses a hook where it is written, so that a mistake in it is shown in `project.yml`, a property file or a model. */
export function parseHook(hook: Hook, { files, packageName, label }: HookReading): ParsedTemplate {
  const { span } = hook
  const file = span === undefined ? undefined : files.get(span.path)
  if (span !== undefined && file !== undefined) {
    for (const text of [hook.sql, hook.sql.trim()]) {
      const at = file.text.indexOf(text, span.start)
      if (at >= 0 && at + text.length <= span.end) return parseText(text, at, file, { packageName })
    }
  }
  return parseTemplate(files.add(new SourceFile(label, hook.sql)), { packageName })
}

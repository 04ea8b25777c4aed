/** What the project at the root consists of: to be copied where it is built apart from the rest of the repository. */
export const projectParts: readonly string[] = [
  'analyses',
  'dashboards',
  'data',
  'macros',
  'models',
  'profiles.yml',
  'project.yml',
  'seeds',
  'selectors.yml',
  'snapshots',
  'tests',
]

import type { ExportJob } from './export-job.ts'

/** How many rows a reader of each table would see at this moment, for exports that leave the rows where they are. */
export async function countRows({
  tables,
  session,
}: Pick<ExportJob, 'tables' | 'session'>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { name, sql } of tables) {
    const { rows } = await session.query(`select count(*) from (\n${sql}\n) as counted`)
    counts[name] = Number(rows[0]![0])
  }
  return counts
}

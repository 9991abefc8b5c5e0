import type { Tx } from '@parley/postgres';
import type { ContentDocuments } from '../../domain/content.js';
import { ContentVersions } from '../../ports/content-versions.port.js';

/** Versions of the content in Postgres. */
export class PostgresContentVersions extends ContentVersions {
  constructor(private readonly db: Tx) {
    super();
  }

  override async keep(version: string, documents: ContentDocuments): Promise<void> {
    const sql = `insert into content_version (version, documents) values ($1, $2)
      on conflict (version) do update set loaded_at = now()`;
    await this.db.query(sql, [version, JSON.stringify(documents)]);
  }

  override async latest(limit: number): Promise<ContentDocuments[]> {
    const sql = 'select documents from content_version order by loaded_at desc limit $1';
    const rows = await this.db.query<{ documents: ContentDocuments }>(sql, [limit]);
    return rows.map(({ documents }) => documents).reverse();
  }
}

import { ForwardMigration } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

/** Who was erased and when: events from before that are still on their way are not taken over. */
export class Erasure1764000200100 extends ForwardMigration {
  readonly name = 'Erasure1764000200100';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table erased (hash text primary key, erased_at timestamptz not null);
      create index customers_of_identity on customers (identity);
    `);
  }
}

import { ForwardMigration } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

/** Who asked for an erasure. */
export class ErasureRequests1764000300600 extends ForwardMigration {
  readonly name = 'ErasureRequests1764000300600';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table erasure add column requested_by text not null default ''`);
  }
}

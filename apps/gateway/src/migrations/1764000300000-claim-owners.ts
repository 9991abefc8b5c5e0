import { ForwardMigration } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

/** Who claimed a send last, so that a claim whose answer was lost is told from somebody else's. */
export class ClaimOwners1764000300000 extends ForwardMigration {
  readonly name = 'ClaimOwners1764000300000';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table send add column claimer uuid');
  }
}

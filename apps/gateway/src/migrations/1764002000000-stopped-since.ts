import { ForwardMigration } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

/** Since when a number is stopped, so that who hears of it knows whether it is time to try. */
export class StoppedSince1764002000000 extends ForwardMigration {
  readonly name = 'StoppedSince1764002000000';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table number_channel add column stopped_at timestamptz not null default now()');
  }
}

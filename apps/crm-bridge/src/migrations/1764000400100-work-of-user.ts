import { ForwardMigration } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';

/** Tickets and tasks are looked up by user id too: a number may be hidden. */
export class WorkOfUser1764000400100 extends ForwardMigration {
  readonly name = 'WorkOfUser1764000400100';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index tickets_of_user on tickets (user_hash) where user_hash is not null;
      create index tasks_of_user on tasks (user_hash) where user_hash is not null;
    `);
  }
}

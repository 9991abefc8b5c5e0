import { ForwardMigration, type MigrationClass, type ServiceSchema } from '@parley/postgres';
import type { QueryRunner } from 'typeorm';
import { appendSql } from './schema-append.js';
import { bindingSql } from './schema-binding.js';
import { blameSql } from './schema-blame.js';
import { groupsSql } from './schema-groups.js';
import { logSql } from './schema-log.js';
import { moveSql } from './schema-move.js';
import { readSql } from './schema-read.js';
import { upkeepSql } from './schema-upkeep.js';

class CreateBus1764001000000 extends ForwardMigration {
  readonly name = 'CreateBus1764001000000';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(logSql + groupsSql + upkeepSql);
  }
}

class BindVault1764001000100 extends ForwardMigration {
  readonly name = 'BindVault1764001000100';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(bindingSql);
  }
}

class HintAfterCommit1764002000000 extends ForwardMigration {
  readonly name = 'HintAfterCommit1764002000000';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(appendSql);
  }
}

class BlameAfterSeveral1764002100000 extends ForwardMigration {
  readonly name = 'BlameAfterSeveral1764002100000';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(blameSql);
  }
}

class MovePositions1764003000000 extends ForwardMigration {
  readonly name = 'MovePositions1764003000000';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(moveSql);
  }
}

class ReadSlim1764003100000 extends ForwardMigration {
  readonly name = 'ReadSlim1764003100000';

  override async up(runner: QueryRunner): Promise<void> {
    await runner.query(readSql);
  }
}

/** Migrations of the schema `bus`. */
export const busMigrations: MigrationClass[] = [
  CreateBus1764001000000,
  BindVault1764001000100,
  HintAfterCommit1764002000000,
  BlameAfterSeveral1764002100000,
  MovePositions1764003000000,
  ReadSlim1764003100000,
];

/**
 * The schema `bus`, for `provision`: shared by all services of a database, reached through its functions only. With Kafka
 * it is needed too, in each database: who holds a partition, and how often that ended in a crash, is kept there.
 */
export const busSchema: ServiceSchema = { name: 'event bus', schema: 'bus', migrations: busMigrations };

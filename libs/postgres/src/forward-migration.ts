import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A migration without a way back: a mistake is mended by the next one. */
export abstract class ForwardMigration implements MigrationInterface {
  abstract up(runner: QueryRunner): Promise<void>;

  /** @throws Error always */
  down(): Promise<void> {
    return Promise.reject(new Error('Migrations go forward only.'));
  }
}

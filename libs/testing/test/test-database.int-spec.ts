import { testDatabase, type TestDatabase } from '../src/index.js';

class CreateNotes1700000000001 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query('create table notes (id int primary key)');
  }
  async down(): Promise<void> {}
}

const notes = { name: 'notes', schema: 'notes', role: 'parley_notes', migrations: [CreateNotes1700000000001] };

describe('testDatabase', () => {
  let first: TestDatabase;
  let second: TestDatabase;

  beforeAll(async () => {
    [first, second] = await Promise.all([testDatabase([notes]), testDatabase([notes])]);
  });

  afterAll(async () => {
    await Promise.all([first.close(), second.close()]);
  });

  it('gives every caller a database of its own', async () => {
    await first.database('notes').query('insert into notes values ($1)', [1]);
    expect(await first.database('notes').query('select * from notes')).toEqual([{ id: 1 }]);
    expect(await second.database('notes').query('select * from notes')).toEqual([]);
  });

  it("connects as the service's role", async () => {
    expect(await first.database('notes').query('select current_user as role')).toEqual([{ role: 'parley_notes' }]);
  });

  it('provisions more services later', async () => {
    const more = { ...notes, name: 'more', schema: 'more', role: 'parley_more' };
    await first.provision([more]);
    expect(await first.database('more').query('select * from notes')).toEqual([]);
  });
});

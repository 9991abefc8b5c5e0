import type { Database } from '@parley/postgres';
import { createLogger } from '@parley/telemetry';
import { eventually, type TestDatabase } from '@parley/testing';
import { numbers, Recorder, records, textTopic } from '../src/contract-kit.contract.js';
import { createEventBus, topics, type EventBus, type Topic } from '../src/index.js';
import { deadLetterTopic } from '../src/topics.js';
import { keepSegments } from '../src/upkeep.js';
import { common, logDatabase } from './subject.js';

describe('Retention of the embedded log', () => {
  let test: TestDatabase;
  let database: Database;
  let admin: Database;
  let bus: EventBus;
  let topic: Topic<string>;

  beforeAll(async () => {
    test = await logDatabase();
    admin = test.database('public');
    database = test.database('alpha');
    bus = createEventBus({ ...common, database });
    topic = textTopic();
  }, 60_000);
  afterAll(async () => {
    await bus.close();
    await test.close();
  });

  const segments = async (): Promise<string[]> => {
    const rows = await admin.query<{ day: string }>('select day from bus.segments order by day');
    return rows.map(({ day }) => day);
  };

  it('comes with the end of the keys, from the start: of topics after eight days, of dead letters after thirty', async () => {
    const vault = test.database('vault');
    const plant = `insert into topic_key (id, topic, day, master_key_id, wrapped)
      select gen_random_uuid(), topic, current_date - days, 'k', '' from unnest($1::text[], $2::int[]) as r(topic, days)`;
    const [name, dead] = [topics.whatsappInbound.name, deadLetterTopic(topics.whatsappInbound.name)];
    await vault.query(plant, [
      [name, name, dead, dead],
      [8, 10, 30, 32],
    ]);
    const other = createEventBus({ ...common, database: test.database('alpha') });
    await other.ready();
    const old = `select topic, (current_date - day)::int as days from topic_key where day < current_date - 1 order by days`;
    await eventually(async () => {
      expect(await vault.query(old)).toEqual([
        { topic: name, days: 8 },
        { topic: dead, days: 30 },
      ]);
    });
    await other.close();
  });

  it('drops whole segments after eight days, says what nobody had read, and goes on behind the gap', async () => {
    const seen = await new Recorder(topic, 'reads').start(bus);
    await bus.publish(records(topic, numbers(7)));
    await seen.sees(records(topic, numbers(7)));
    await seen.subscription?.close();
    // The seven records become nine days old.
    await admin.query(`select bus.add_segment((now() at time zone 'UTC')::date - 9)`);
    await admin.query('update bus.records set day = day - 9 where topic = $1', [topic.name]);
    const never = await new Recorder(topic, 'late').start(bus, { handle: () => new Promise(() => undefined) });
    await never.subscription?.close();
    const lines: string[] = [];
    const logger = createLogger('alpha', { level: 'warn', destination: { write: (line) => void lines.push(line) } });
    await keepSegments(database, logger);
    const warnings = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(warnings).toMatchObject([{ level: 'warn', group: 'late', topic: topic.name, records: 7 }]);
    const today = new Date().toISOString().slice(0, 10);
    expect((await segments())[0]).toBe(today);
    expect(await segments()).toHaveLength(3);
    await bus.publish(records(topic, ['after']));
    const late = await new Recorder(topic, 'late').start(bus);
    await late.sees(records(topic, ['after']));
  }, 60_000);
});

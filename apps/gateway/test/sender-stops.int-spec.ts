import { eventually } from '@parley/testing';
import { PostgresNumberLeases } from '../src/outbound/postgres/postgres-number-leases.js';
import { systemClock } from '../src/ports/clock.port.js';
import { NumberRate } from '../src/usecases/number-rate.js';
import { reply, report, request, startSending, until, type Sending } from './support/gateway.js';

// Longer than any test: what leaves has been let go, not tried again.
const NEVER = { first: 3_600_000, most: 3_600_000 };

let sending: Sending;

beforeAll(async () => {
  sending = await startSending({ probeMs: NEVER });
});

afterAll(() => sending.close());

async function stoppedReason(): Promise<string | undefined> {
  return (await sending.replica.sender.show.numbers()).numbers[0]?.stoppedReason;
}

describe('an error that is told by status, after the POST was accepted', () => {
  it('stops the number when its answer would have (131042), and a message that gets through lets the queue go', async () => {
    const { graph, replica } = sending;
    const [fine, unpaid] = [reply(), reply()];
    await request(replica.bus, [fine, unpaid]);
    const { messageId } = await until(replica.sender, fine, 'settled');
    const refused = await until(replica.sender, unpaid, 'settled');
    await report(replica.bus, unpaid, 'failed', refused.messageId, { code: 131042 });
    await eventually(async () => expect(await stoppedReason()).toBe('GRAPH.131042'));
    expect(await replica.sender.show.send(unpaid.sendId)).toMatchObject({ reason: 'GRAPH.131042' });
    const kept = Array.from({ length: 5 }, () => reply());
    await request(replica.bus, kept);
    for (const message of kept) await until(replica.sender, message, 'queued');
    expect(graph.posts.map(({ body }) => body.biz_opaque_callback_data).sort()).toEqual(
      [fine.sendId, unpaid.sendId].sort(),
    );
    await report(replica.bus, fine, 'delivered', messageId);
    for (const message of kept) await until(replica.sender, message, 'settled');
    expect(await stoppedReason()).toBe('');
  });

  it('says nothing of the number when it is about the recipient alone (131026)', async () => {
    const { replica } = sending;
    const [away, other] = [reply(), reply()];
    await request(replica.bus, [away]);
    const { messageId } = await until(replica.sender, away, 'settled');
    await report(replica.bus, away, 'failed', messageId, { code: 131026 });
    await eventually(async () => {
      expect(await replica.sender.show.send(away.sendId)).toMatchObject({ reason: 'GRAPH.131026' });
    });
    await request(replica.bus, [other]);
    await until(replica.sender, other, 'settled');
    expect(await stoppedReason()).toBe('');
  });
});

describe('a stop that one replica has found', () => {
  function rateOf(name: string): NumberRate {
    const leases = new PostgresNumberLeases(sending.db.database('gateway', name), systemClock);
    return new NumberRate('shared-number', 1000, leases, systemClock, NEVER);
  }

  async function hears(rate: NumberRate, reason: string): Promise<void> {
    await eventually(async () => {
      await rate.prepare();
      expect(rate.stoppedReason).toBe(reason);
    });
  }

  it('holds for the others from their next slice on, for its pause, and is over for them when it is over', async () => {
    const [finder, other, late] = [rateOf('stop-1'), rateOf('stop-2'), rateOf('stop-3')];
    await finder.stop('GRAPH.368');
    await hears(other, 'GRAPH.368');
    expect(other.take()).toBe(false);
    const sql = `update number_channel set stopped_at = stopped_at - interval '2 hours' where phone_number_id = $1`;
    await sending.db.database('gateway', 'stop-4').query(sql, ['shared-number']);
    // One probe, since nobody has tried for long, and nothing behind it.
    await hears(late, 'GRAPH.368');
    await eventually(async () => {
      await late.prepare();
      expect(late.take()).toBe(true);
    });
    expect(late.take()).toBe(false);
    finder.accepted(systemClock.now().getTime() + 1);
    await hears(other, '');
  });
});

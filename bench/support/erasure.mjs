// An erasure run beside other work: people by their phones, as many at a time as one request may name.
import { audit } from '@parley/contracts';
import { grpcClient } from '@parley/grpc';

const AT_ONCE = 100;

/** @returns what `work` resolved with, and how many people were erased meanwhile; what is not erased by its end is left */
export async function eraseWhile(system, phones, work) {
  const client = grpcClient(audit.AuditServiceClient, system.grpc(6), { deadlineMs: 60_000 });
  let over = false;
  let erased = 0;
  const erase = async () => {
    for (let from = 0; from < phones.length && !over; from += AT_ONCE) {
      const persons = phones.slice(from, from + AT_ONCE);
      const { results } = await client.erase({ persons, reason: 'bench', requestedBy: 'bench', dryRun: false });
      erased += results.filter(({ outcome }) => outcome === 'erased').length;
    }
  };
  const erasing = erase().then(
    () => undefined,
    (error) => error,
  );
  const result = await work();
  over = true;
  const failure = await erasing;
  client.close();
  if (failure) throw new Error(`The erasure run did not work (${failure.code}).`);
  return { result, erased };
}

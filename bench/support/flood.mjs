// Closed loop: so many connections, each with the next webhook as soon as the last was answered. Finds what intake can take.
import { Connections } from './connections.mjs';
import { Latencies, round } from './histogram.mjs';
import { customerId, requestBytes, textBody } from './webhooks.mjs';

/** Made before the clock starts, for a rate that no one reaches here; beyond it they are made on the way. */
const PREPARED_PER_SECOND = 14_000;
let serial = 0;

/** Every message of a customer and an id of its own: nothing is a repeat, and each can be found on the topic. */
function next(run, ids) {
  serial += 1;
  const number = ids[serial % ids.length];
  return {
    serial,
    bytes: requestBytes(textBody({ number, from: customerId(serial), id: `${run}.${serial}`, text: 'hello' })),
  };
}

/**
 * @param {{ port: number, connections: number, seconds: number, run: string, ids: string[] }} options `run` begins every id
 * @returns what was answered within the time, and the serials of every id that was accepted, later answers too
 */
export async function flood({ port, connections, seconds, run, ids }) {
  const prepared = Array.from({ length: seconds * PREPARED_PER_SECOND }, () => next(run, ids));
  const pool = new Connections(port, connections);
  const latencies = new Latencies();
  const accepted = [];
  let refused = 0;
  let inTime = 0;
  let used = 0;
  const end = performance.now() + seconds * 1000;
  const one = () =>
    new Promise((resolve) => {
      const send = () => {
        const at = performance.now();
        if (at >= end) return resolve();
        const { serial: own, bytes } = prepared[used++] ?? next(run, ids);
        pool.send(bytes, (status) => {
          latencies.add(performance.now() - at);
          if (status === 200) accepted.push(own);
          else refused += 1;
          if (status === 200 && performance.now() <= end) inTime += 1;
          send();
        });
      };
      send();
    });
  await Promise.all(Array.from({ length: connections }, one));
  pool.close();
  return { perSecond: round(inTime / seconds), ...latencies.summary(), accepted, refused };
}

// The command line of the races: the same messages at the same moment, to two replicas each of gateway and conversation-service.
import { parseArgs } from 'node:util';
import { raceCopies } from './copies.mjs';
import { raceNewcomers } from './newcomers.mjs';
import { startTrack } from './track.mjs';

const USAGE = `npm run races -- [options]      one message in many copies, and two first messages of one customer, to several replicas at once

  --deliveries <n>      how often the same wamids are delivered, all in all (default 100000)
  --wamids <n>          how many there are of them, each of a customer of its own (default 10)
  --newcomers <n>       new customers whose first two messages come at once (default 120)
  --bus embedded|kafka  which event bus (default embedded; kafka needs Java 17 and, once, Maven)
  --help                this`;

const OPTIONS = {
  deliveries: { type: 'string', default: '100000' },
  wamids: { type: 'string', default: '10' },
  newcomers: { type: 'string', default: '120' },
  bus: { type: 'string', default: 'embedded' },
  help: { type: 'boolean', default: false },
};

/** @throws TypeError that names the option */
function read(args) {
  const { values } = parseArgs({ args, options: OPTIONS, allowPositionals: false });
  const number = (name) => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1) throw new TypeError(`--${name} must be a whole number from 1 on.`);
    return value;
  };
  if (!['embedded', 'kafka'].includes(values.bus)) throw new TypeError('--bus must be embedded or kafka.');
  const [deliveries, wamids, newcomers] = ['deliveries', 'wamids', 'newcomers'].map(number);
  return { ...values, deliveries, wamids, newcomers };
}

/** Every row is a count that has to be exactly what was expected. */
function verdict(rows) {
  console.table(rows.map((row) => ({ ...row, right: row.found === row.expected ? 'yes' : 'NO' })));
  const wrong = rows.filter(({ found, expected }) => found !== expected).length;
  console.log(wrong === 0 ? 'Every race ended right.' : `${wrong} of ${rows.length} counts are wrong.`);
  return wrong === 0 ? 0 : 1;
}

export async function main(args) {
  let options;
  try {
    options = read(args);
  } catch (error) {
    console.error(error.message);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const track = await startTrack(options.bus);
  try {
    return verdict([...(await raceCopies(track, options)), ...(await raceNewcomers(track, options))]);
  } catch (error) {
    console.error(error.message);
    return 1;
  } finally {
    await track.stop();
  }
}

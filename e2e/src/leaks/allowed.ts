import type { Finding } from './scanner.js';
import type { Place } from './places.js';

/** A place where something is meant to be, or known to be; everything else is a leak. */
interface Exception {
  place: (place: Place) => boolean;
  what: (finding: Finding) => boolean;
  why: string;
  /** Known and documented as a weakness, not as intended: counted apart. */
  weakness?: boolean;
}

const named = (name: string) => (place: Place) => place.kind === 'files of the data folder' && place.name === name;

/** Each with its reason; the table of a run shows how often each applied. */
export const exceptions: readonly Exception[] = [
  {
    place: named('secrets.json'),
    what: ({ needle }) => needle.name === 'master key' || needle.name.startsWith('database password of '),
    why: 'secrets.json (mode 0600) is where `npm start` keeps the secrets it made',
  },
  {
    place: named('postgres-password'),
    what: ({ needle }) => needle.name === 'database password of the administrator',
    why: 'postgres-password (mode 0600) is where `npm start` keeps the administrator of its own Postgres',
  },
  {
    place: ({ kind }) => kind === 'what an operator asks to see',
    what: ({ needle }) => needle.kind === 'personal',
    why: '`npm run dlq -- show` shows one record to whoever holds the master key, which is its purpose',
  },
  {
    place: ({ kind }) => kind === 'tables' || kind.startsWith('files of the database') || kind.startsWith('topics'),
    what: ({ needle, encoding, around }) =>
      needle.name.endsWith("'s phone") && encoding.startsWith('base64') && /wamid\./.test(around),
    why: 'message ids of Meta hold the phone number in base64; they are keys of tables and stand there as they came',
    weakness: true,
  },
];

/** The exception that covers a finding, if one does. */
export function exceptionFor(place: Place, finding: Finding): Exception | undefined {
  return exceptions.find((exception) => exception.place(place) && exception.what(finding));
}

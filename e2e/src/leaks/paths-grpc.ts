import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, type MethodDefinition } from '@grpc/proto-loader';
import { descriptorSet } from '@parley/contracts';
import type { Person } from './cast.js';
import { confession } from './paths-webhook.js';
import type { Stage } from './stage.js';

/** Packages in the order of their ports. */
const PACKAGES = ['channel', 'conversation', 'intent', 'crm', 'erp', 'consent', 'audit'];
const DEADLINE_MS = 10_000;

interface Field {
  name: string;
  type: string;
  label: string;
  typeName: string;
}

type Method = MethodDefinition<object, object>;
type Writer = (field: string, person: Person) => string;

/** Which of a person's data belongs into a field of this name; other fields get nothing personal. */
const FITTING: readonly (readonly [RegExp, (person: Person) => string])[] = [
  [/phone$/, ({ phone }) => `+${phone}`],
  [/wa_id$/, ({ waId }) => waId],
  [/user_id$/, ({ userId }) => userId],
  [/^e?mail$/, ({ email }) => email],
  [/name$/, ({ name }) => name],
  [/^(text|body|summary|description|subject|title|reason|note|interest|site)$/, confession],
];

const WRITERS: Record<string, Writer> = {
  'what fits': (field, person) => FITTING.find(([pattern]) => pattern.test(field))?.[1](person) ?? 'x-1',
  'a number everywhere': (_field, { phone }) => `+${phone}\0`,
  'everything everywhere': (_field, person) => `${confession(person)}\0`,
  'far too much': (_field, person) => `${'\u0001 '.repeat(40_000)}${person.words}\0${person.email}`,
};

const definitions = loadFileDescriptorSetFromBuffer(descriptorSet(), { keepCase: true });

function fieldsOf(typeName: string): Field[] {
  const found = Object.entries(definitions).find(([name]) => typeName.endsWith(name) && name.split('.').length > 2);
  return (found?.[1] as { type?: { field?: Field[] } } | undefined)?.type?.field ?? [];
}

/** A message with every text in it written by `write`. */
function filled(fields: Field[], write: (field: string) => string, depth = 0): object {
  const value = ({ name, type, typeName }: Field): unknown => {
    if (type === 'TYPE_STRING') return write(name);
    if (type === 'TYPE_BYTES') return Buffer.from(write(name));
    if (type === 'TYPE_MESSAGE')
      return typeName.endsWith('Timestamp') || depth > 4 ? {} : filled(fieldsOf(typeName), write, depth + 1);
    return type === 'TYPE_BOOL' ? true : 1;
  };
  return Object.fromEntries(
    fields.map((field) => [field.name, field.label === 'LABEL_REPEATED' ? [value(field)] : value(field)]),
  );
}

async function call(client: Client, method: Method, bytes: Buffer): Promise<ServiceError | undefined> {
  const asIs = (value: Buffer): Buffer => value;
  const deadline = Date.now() + DEADLINE_MS;
  return new Promise((resolve) =>
    client.makeUnaryRequest(method.path, asIs, asIs, bytes, { deadline }, (error) => resolve(error ?? undefined)),
  );
}

function recorded(stage: Stage, path: string, error: ServiceError | undefined): void {
  stage.did(path);
  if (!error) return;
  const metadata = JSON.stringify(error.metadata.getMap());
  stage.record('gRPC errors', path, `${error.code} ${error.details}\n${metadata}\n${decodeURIComponent(metadata)}`);
}

/** Every method of every service, with personal data where it belongs, where it does not, and in bytes that do not decode. */
export async function grpcPaths(stage: Stage): Promise<void> {
  const person = stage.person();
  for (const [offset, name] of PACKAGES.entries()) {
    const client = new Client(stage.system.grpc(offset), credentials.createInsecure());
    for (const [full, definition] of Object.entries(definitions)) {
      if (!full.startsWith(`parley.${name}.v1.`) || 'format' in definition) continue;
      for (const method of Object.values(definition)) await callAll(stage, client, method, person);
    }
    client.close();
  }
}

async function callAll(stage: Stage, client: Client, method: Method, person: Person): Promise<void> {
  if (method.responseStream) return;
  const { field } = method.requestType.type as { field: Field[] };
  for (const [what, writer] of Object.entries(WRITERS)) {
    const bytes = method.requestSerialize(filled(field, (name) => writer(name, person)));
    recorded(stage, `gRPC: ${what}`, await call(client, method, bytes));
  }
  const broken = Buffer.concat([Buffer.from([0x0a, 0x7f]), Buffer.from(confession(person))]);
  recorded(stage, 'gRPC: bytes that do not decode', await call(client, method, broken));
}

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@parley/telemetry';
import { eventually } from '@parley/testing';
import type { ContentDocuments } from '../../domain/content.js';
import { ContentVersions } from '../../ports/content-versions.port.js';
import { LiveContent } from './live-content.js';

class InMemoryVersions extends ContentVersions {
  readonly kept = new Map<string, ContentDocuments>();

  override async keep(version: string, documents: ContentDocuments): Promise<void> {
    this.kept.delete(version);
    this.kept.set(version, documents);
  }

  override async latest(limit: number): Promise<ContentDocuments[]> {
    return [...this.kept.values()].slice(-limit);
  }
}

describe('LiveContent', () => {
  const repository = fileURLToPath(new URL('../../../../../content', import.meta.url));
  const log = createLogger('test', { level: 'silent' });
  const versions = new InMemoryVersions();
  let folder: string;
  let content: LiveContent;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-content-'));
    await cp(repository, folder, { recursive: true });
    content = await LiveContent.open(folder, versions, log);
  });
  afterAll(async () => {
    content.close();
    await rm(folder, { recursive: true });
  });

  it('takes a change of the folder, keeps both versions, and stays with the last one that can be used', async () => {
    const { version } = content.current;
    const file = join(folder, 'business.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, 'name: [');
    await writeFile(file, text.replace(/^name: .*$/m, 'name: Southwind'));
    await eventually(() => expect(content.current.business.name).toBe('Southwind'));
    expect([...versions.kept.keys()]).toEqual([version, content.current.version]);
    await writeFile(file, 'nonsense');
    await expect(LiveContent.open(folder, versions, log)).rejects.toThrow(/business\.yaml/);
    expect(content.current.business.name).toBe('Southwind');
  });

  it('finds flows of versions before the last start', async () => {
    const older = content.current.current()[0]!;
    const key = `${older.flow}@${older.version}`;
    expect(content.current.running(key)).toMatchObject({ flow: older.flow, version: older.version });
  });
});

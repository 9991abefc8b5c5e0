import { join } from 'node:path';
import { ContentSnapshot } from '../domain/content-snapshot.js';
import { loadContent } from '../outbound/content/content-folder.js';
import { ContentBrain } from './content-brain.js';

const content = await loadContent(join(import.meta.dirname, '../../../../content'));

describe('what holds when nobody says otherwise', () => {
  const business = { ...content.business, language: 'en', numbers: { '2': { language: 'es' } } };
  const brain = new ContentBrain({ current: ContentSnapshot.fromJSON({ ...content.toJSON(), business }) }, 'UTC');

  it.each([
    ['1', 'en'],
    ['2', 'es'],
    ['constructor', 'en'],
  ])('number %s speaks %s', (phoneNumberId, language) => {
    expect(brain.defaults({ phoneNumberId, waId: '' }).language).toBe(language);
  });

  it('has the zone of the country of a customer, where it has one only', () => {
    expect(brain.defaults({ phoneNumberId: '1', waId: '4915550100152' }).timeZone).toBe('Europe/Berlin');
    expect(brain.defaults({ phoneNumberId: '1', waId: '12125550101' }).timeZone).toBe('UTC');
  });
});

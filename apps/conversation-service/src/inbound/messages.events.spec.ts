import { events } from '@parley/contracts';
import { itemOf } from './messages.events.js';

const time = new Date('2026-11-22T10:00:05Z');
const sentAt = new Date('2026-11-22T10:00:00Z');
type Content = events.WebhookItemReceived['content'];

function item(content: Content, rest: Partial<events.WebhookItemReceived> = {}) {
  const contact = { phoneNumberId: '1066', userId: 'DE.1', waId: '49170', profileName: 'Ada' };
  const value = events.WebhookItemReceived.fromPartial({
    itemId: 'w',
    field: 'messages',
    contact,
    sentAt,
    content,
    ...rest,
  });
  return itemOf({ value, time });
}

describe('itemOf', () => {
  it.each<[Content, string, string | null]>([
    [{ $case: 'text', value: { body: 'hi' } }, 'hi', null],
    [{ $case: 'reply', value: { id: 'order:1', title: '1234' } }, '1234', 'order:1'],
    [{ $case: 'media', value: events.MediaContent.fromPartial({ caption: 'see' }) }, 'see', null],
    [{ $case: 'reaction', value: { messageId: 'x', emoji: '👍' } }, '👍', null],
    [{ $case: 'location', value: { latitude: 1, longitude: 2, name: 'HQ' } }, 'HQ', null],
    [undefined, '', null],
  ])('reads %j', (content, text, replyId) => expect(item(content)).toMatchObject({ text, replyId, id: 'w', sentAt }));

  it('reads no more than WhatsApp lets anybody write', () => {
    expect(item({ $case: 'text', value: { body: 'x'.repeat(1_000_000) } }).text).toHaveLength(4096);
  });

  it('knows a change of identity', () => {
    const value = { newWaId: '49999', newUserId: '', previousUserId: 'DE.0' };
    expect(item({ $case: 'identityChange', value }).identityChange).toEqual({ newWaId: '49999', newUserId: '' });
    expect(item(undefined).identityChange).toBeNull();
  });

  it('takes the time of the webhook, at last that of the record, when Meta sent none', () => {
    const receivedAt = new Date('2026-11-22T10:00:01Z');
    expect(item(undefined, { sentAt: undefined, receivedAt }).sentAt).toEqual(receivedAt);
    expect(item(undefined, { sentAt: undefined }).sentAt).toEqual(time);
  });
});

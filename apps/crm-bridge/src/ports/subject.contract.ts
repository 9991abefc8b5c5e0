import type { FakeClock } from '@parley/testing';
import type { Contact, CustomerData } from '../domain/customer.js';
import type { NewEntry } from '../domain/conversation.js';
import type { NewTask, NewTicket } from '../domain/work.js';
import type { Activities } from './activities.port.js';
import type { Changes } from './changes.port.js';
import type { Connector } from './connector.port.js';
import type { Conversations } from './conversations.port.js';
import type { Customers, Lookup } from './customers.port.js';
import type { Erasure } from './erasure.port.js';
import type { Journal } from './journal.port.js';
import type { Work } from './work.port.js';

/** An empty CRM behind all ports, as the contract suites take it. */
export interface Subject {
  customers: Customers;
  conversations: Conversations;
  work: Work;
  activities: Activities;
  changes: Changes;
  connector: Connector;
  journal: Journal;
  erasure: Erasure;
  /** What an erasure names a contact by. */
  identities(contact: Contact): string[];
}

/** Makes an empty CRM whose time is the clock's. */
export type MakeSubject = (clock: FakeClock) => Promise<Subject>;

export const START = '2026-11-22T10:00:00Z';
export const MAYA = '+12125550101';

export const customer = (id: string, over: Partial<CustomerData> = {}): CustomerData => ({
  id,
  name: `Name of ${id}`,
  phone: '',
  whatsappUserId: '',
  email: '',
  language: 'en',
  timeZone: 'Europe/Madrid',
  tier: '',
  tags: [],
  notes: [],
  ...over,
});

export const lookup = (over: Partial<Lookup>): Lookup => ({
  id: '',
  whatsappUserId: '',
  phone: '',
  email: '',
  ...over,
});

export const contact = (phone: string, whatsappUserId = '') => ({ phone, whatsappUserId });

export const at = (second: number): Date => new Date(new Date(START).getTime() + second * 1000);

export const entry = (messageId: string, over: Partial<NewEntry> = {}): NewEntry => ({
  messageId,
  wamid: '',
  direction: 'inbound',
  author: 'customer',
  text: `Text of ${messageId}`,
  at: at(0),
  conversationId: 'c1',
  customerId: '',
  contact: contact(MAYA),
  ...over,
});

export const ticket = (key: string, over: Partial<NewTicket> = {}): NewTicket => ({
  key,
  reason: 'requested',
  team: 'support',
  priority: 'normal',
  intent: 'track_order',
  customerId: '',
  conversationId: 'c1',
  transcript: 'line one\nline two',
  profile: 'Name: Maya',
  contact: contact(MAYA),
  ...over,
});

export const task = (key: string, over: Partial<NewTask> = {}): NewTask => ({
  key,
  subject: 'late-order',
  description: 'Call the customer about order 1240.',
  customerId: '',
  orderNumber: '1240',
  dueAt: at(86_400),
  conversationId: 'c1',
  contact: contact(MAYA),
  ...over,
});

import type { CustomerData } from '../../../domain/customer.js';

interface Row {
  name: string;
  phone: string;
  language: string;
  timeZone: string;
  tier?: string;
  tags?: string[];
  note?: string;
  spent: string;
}

const ROWS: readonly Row[] = [
  {
    name: 'Maya Patel',
    phone: '+12125550101',
    language: 'en',
    timeZone: 'America/New_York',
    tier: 'gold',
    tags: ['newsletter'],
    note: 'Prefers deliveries in the afternoon.',
    spent: '1284.60',
  },
  {
    name: 'Diego Fernández',
    phone: '+34600100102',
    language: 'es',
    timeZone: 'Europe/Madrid',
    tier: 'silver',
    note: 'Furnishing an office; asks for invoices.',
    spent: '2316.40',
  },
  { name: 'Ana Souza', phone: '+5511990100103', language: 'pt-BR', timeZone: 'America/Sao_Paulo', spent: '537.90' },
  {
    name: 'Camille Laurent',
    phone: '+33600100104',
    language: 'fr',
    timeZone: 'Europe/Paris',
    tags: ['returns'],
    note: 'Sent curtains back; the colour was not as shown.',
    spent: '459.40',
  },
  {
    name: 'Lukas Weber',
    phone: '+491700100105',
    language: 'de',
    timeZone: 'Europe/Berlin',
    tier: 'gold',
    spent: '3120.00',
  },
  { name: 'Layla Haddad', phone: '+971500100106', language: 'ar', timeZone: 'Asia/Dubai', spent: '842.10' },
  {
    name: 'Rohan Sharma',
    phone: '+919800100107',
    language: 'hi',
    timeZone: 'Asia/Kolkata',
    tier: 'silver',
    spent: '1095.70',
  },
  { name: 'Putri Wijaya', phone: '+6281200100108', language: 'id', timeZone: 'Asia/Jakarta', spent: '318.00' },
  {
    name: 'Tom Becker',
    phone: '+12125550109',
    language: 'en',
    timeZone: 'America/New_York',
    tags: ['late-delivery'],
    note: 'Called about a late espresso machine.',
    spent: '764.30',
  },
  { name: 'Sofia Rossi', phone: '+393330110110', language: 'en', timeZone: 'Europe/Rome', spent: '690.00' },
  { name: 'Omar Said', phone: '+201000100111', language: 'ar', timeZone: 'Africa/Cairo', spent: '402.80' },
  {
    name: 'Chloe Martin',
    phone: '+447700900112',
    language: 'en',
    timeZone: 'Europe/London',
    tier: 'silver',
    tags: ['newsletter'],
    spent: '1533.20',
  },
];

const ascii = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The demonstration customers; the ERP's orders name them by these ids (`cus-` and the first name). */
export function demoCustomers(now: Date): CustomerData[] {
  const noted = new Date(now.getTime() - 30 * 86_400_000);
  return ROWS.map(({ name, phone, language, timeZone, tier = '', tags = [], note, spent }) => ({
    id: `cus-${ascii(name).split(' ')[0]}`,
    name,
    phone,
    whatsappUserId: '',
    email: `${ascii(name).replace(' ', '.')}@example.com`,
    language,
    timeZone,
    tier,
    tags,
    notes: note === undefined ? [] : [{ at: noted, text: note }],
    lifetimeValue: { amount: spent, currency: 'USD' },
  }));
}

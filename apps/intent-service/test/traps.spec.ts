import { extractEntities } from '../src/domain/entities.js';

const ordersIn = (text: string): string[] =>
  extractEntities(text)
    .filter(({ type }) => type === 'order_number')
    .map(({ value }) => value);

/** Numbers of every other kind, as customers write them. */
const TRAPS: Record<string, readonly string[]> = {
  phones: [
    'call me on +44 7700 900123',
    'ring me back at 212-555-0101',
    'mi teléfono es 612 345 678',
    'liga pra mim no 11 98877-6655',
    'rappelez-moi au 06 12 34 56 78',
    'meine Handynummer ist 0171 5550123',
    'رقم هاتفي 0501234567',
    'मेरा फोन नंबर 9876543210 है',
    'mera number 9812345678 hai call karo',
    'telefon numaram 0532 123 45 67',
    'il mio numero di telefono è 347 123 4567',
    'hubungi saya di 0812 3456 7890',
  ],
  years: [
    'I bought it in 2024',
    'desde 2019 compro con ustedes',
    'comprei em 2023 e nunca reclamei',
    'client depuis 2018',
    'ich bin seit 2020 Kunde',
    'أشتري منكم منذ 2021',
    '2022 से आपका ग्राहक हूँ',
    '2017den beri müşterinizim',
    'cliente dal 2016',
    'brake pads for a 2014 golf',
  ],
  prices: [
    'it cost 1299.00 at the shop next door',
    'paid $1,250 yesterday',
    'me cobraron 4.500 pesos',
    'paguei R$ 1.249,90',
    "j'ai payé 1 240,00 €",
    'es hat 1.299 Euro gekostet',
    'دفعت 1500 ريال',
    'मैंने ₹12,000 दिए थे',
    'Rs 2500 kat gaye',
    'harganya Rp 1.500.000',
    '2500 TL ödedim',
    'ho pagato 1500 euro',
  ],
  cards: [
    'my card is 4111 1111 1111 1111',
    'mi tarjeta es 5500000000000004',
    'cartão 4012888888881881',
    'ma carte 4242-4242-4242-4242',
    'Karte 378282246310005',
  ],
  'postal codes': [
    'deliver to zip 90210',
    'código postal 28013',
    'meu cep é 01310-100',
    'code postal 75011',
    'PLZ 80331',
    'pincode 560034',
    'पिनकोड 302017',
    'kode pos 40115',
    'posta kodu 34000',
    'CAP 20121',
    'do you deliver to SW1A 2AA?',
  ],
  'quantities and measures': [
    'I need 300 pieces',
    'quiero 250 unidades',
    'preciso de 1000 peças',
    'il me faut 200 pièces',
    'ich brauche 120 Stück',
    'أحتاج 500 قطعة',
    'मुझे 400 पीस चाहिए',
    'butuh 600 pcs',
    '750 adet lazım',
    'mi servono 300 pezzi',
    'after 100 days',
    'a 1500 watt heater',
    'takes 3-5 days',
    'within 24-48 hours',
  ],
  'sizes and models': [
    'winter tyres 205/55 R16 please',
    'engine oil 5W30',
    'A5 notebooks',
    'jeans 32/34',
    'tiles 60x60',
    'does it fit the X200?',
    'is it 128gb or 256gb',
    'toner for an HP 1020',
    'talla 420',
    'a 220v plug',
  ],
  ratings: ['6/10', '10/10 would buy again', 'I give it 4.5/5', 'nota 10', '8 sur 10', '9 von 10', '7 out of 10'],
  'coupons, houses and others': [
    'my code SAVE10 does not work',
    'el cupón VERANO2026 no funciona',
    'o cupom BEMVINDO10 não entra',
    'code promo NOEL25',
    'Gutschein HERBST20 geht nicht',
    'house number 1420',
    'Calle Mayor 1820, piso 3',
    'rua josé bonifácio 1020',
    '14 Marina Road, Apapa',
    'Kaiserstraße 160',
    'flat 402, Lotus Residency',
    'room 308 please',
    'flight BA245',
    'my PNR is 2456789012',
    'claim number 88120',
    'meter reading is 44821',
    'https://shop.example.com/p/123456',
    'at 16:30 or 1730h',
    'on 22/11/2026',
    'el 12-05-2026',
    'mail me: anna1984@example.com',
    'server 10.0.0.1',
    'mp3 and covid19',
    'invoice INV-2031',
    'factura F-882',
    'job WO-4471 done',
    'sku AB-123-C',
    'tracking 1Z999AA10123456784',
  ],
};

describe('traps', () => {
  describe.each(Object.entries(TRAPS))('%s', (_, rows) => {
    it.each(rows)('"%s" names no order', (text) => {
      expect(ordersIn(text)).toEqual([]);
    });
  });

  it.each([
    ['order 1234', '1234'],
    ['1234', '1234'],
    ['SO-10023', 'SO-10023'],
    ['#48213', '48213'],
    ['77 88 99', '77 88 99'],
    ['pedido 55-A', '55-A'],
    ['order 2024', '2024'],
    ['order SO 10023', 'SO 10023'],
    ['cancel 7710 please', '7710'],
    ['mi compra WEB/2026/00081 no llega', 'WEB/2026/00081'],
    ['commande n° 625652', '625652'],
    ['Bestellnummer: 48213', '48213'],
    ['sipariş no 90218 nerede', '90218'],
    ['90218 numaralı siparişim nerede', '90218'],
    ['dov’è l’ordine 48213?', '48213'],
    ['nomor pesanan 700412', '700412'],
    ['الطلب رقم ٤٨٢١٣', '48213'],
    ['ऑर्डर नंबर ९०२१८', '90218'],
    ['4410 wala order kahan hai', '4410'],
    ['my order number is four four seven zero', '4470'],
    ['invoice for order 1234', '1234'],
    ['my order 1234, call +44 7700 900123', '1234'],
    ['cancel order 1250, I paid $1200 in 2025', '1250'],
  ])('"%s" names %s', (text, value) => {
    expect(ordersIn(text)).toEqual([value]);
  });

  it('finds both of two orders', () => {
    expect(ordersIn('where are orders 7001 and 7004')).toEqual(['7001', '7004']);
  });
});

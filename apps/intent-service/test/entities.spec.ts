import { extractEntities, Gazetteer, type EntityOptions } from '../src/domain/entities.js';

/** A Wednesday. */
const now = new Date('2026-05-06T12:00:00Z');
const found = (type: string, text: string, options: EntityOptions = {}): string[] =>
  extractEntities(text, { now, ...options })
    .filter((entity) => entity.type === type)
    .map(({ value }) => value);

describe('entities', () => {
  it.each([
    ['it was 49,90 €', '49.90 EUR'],
    ['refund me $49.9', '49.90 USD'],
    ['R$ 1.249,00 no cartão', '1249.00 BRL'],
    ["j'ai payé 1 240,00 €", '1240.00 EUR'],
    ['Rs 1,12,000 ka payment', '112000 INR'],
    ['Rp 1.500.000', '1500000 IDR'],
    ['2500 TL ödedim', '2500 TRY'],
    ['دفعت ١٥٠ ريال', '150 SAR'],
    ['₹५०० वापस करो', '500 INR'],
    ['i paid eighty dollars', '80 USD'],
    ['foi cento e vinte reais', '120 BRL'],
    ['achtzig Euro zurück bitte', '80 EUR'],
    ['mi devono venti euro', '20 EUR'],
    ['quiero mis 15 mil pesos', '15000'],
    ['charged 45.50 twice', '45.50'],
  ])('amount in "%s": %s', (text, value) => expect(found('amount', text)).toEqual([value]));

  it.each([
    ['1Z999AA10123456784 is stuck', '1Z999AA10123456784'],
    ['rastreio RR473124829GB parado', 'RR473124829GB'],
    ['número de guía 7738820019', '7738820019'],
    ['Sendungsnummer 00340434161094', '00340434161094'],
    ['resi JT9920113442 belum sampai', 'JT9920113442'],
    ['numéro de suivi 6A12345678901', '6A12345678901'],
    ['ट्रैकिंग नंबर JT9920113 काम नहीं कर रहा', 'JT9920113'],
  ])('tracking number in "%s"', (text, value) => expect(found('tracking_number', text)).toEqual([value]));

  it.each([
    ['invoice_number', 'resend INV-2031', 'INV-2031'],
    ['invoice_number', 'a nf 20931 ja foi paga', '20931'],
    ['invoice_number', 'Rechnung Nr. 2026-771', '2026-771'],
    ['invoice_number', 'la factura F-882', 'F-882'],
    ['work_order_number', 'job 1182 finished', '1182'],
    ['work_order_number', 'a caminho da OS 4410', '4410'],
    ['work_order_number', 'OT-2291 terminado', 'OT-2291'],
    ['work_order_number', 'work order 3304 done', '3304'],
    ['sku', 'is sku 88120 available', '88120'],
    ['sku', 'référence HD-4402', 'HD-4402'],
    ['sku', 'Artikel HX-2209', 'HX-2209'],
    ['email', 'Write to Anna.Maria@Example.com.', 'anna.maria@example.com'],
    ['postal_code', 'deliver to zip 90210', '90210'],
    ['postal_code', 'meu cep é 01310-100', '01310-100'],
    ['postal_code', 'neue Adresse: Lindenweg 8, 70173 Stuttgart', '70173'],
    ['postal_code', '110092 में डिलीवरी?', '110092'],
    ['person', 'my name is Dave Porter', 'Dave Porter'],
    ['person', 'a nombre de Hugo Medina', 'Hugo Medina'],
    ['person', 'ich heiße Lena', 'Lena'],
    ['person', 'मेरा नाम राकेश है', 'राकेश'],
    ['quantity', 'I need 15 pcs', '15'],
    ['quantity', '12 Stück bitte', '12'],
    ['quantity', 'two boxes please', '2'],
    ['quantity', 'cantidad: 15', '15'],
    ['quantity', '२० पीस चाहिए', '20'],
  ])('%s in "%s": %s', (type, text, value) => expect(found(type, text)).toEqual([value]));

  it.each([
    ['tomorrow please', '2026-05-07'],
    ['llega el 9 de junio', '2026-06-09'],
    ['am 12. Juni 2026', '2026-06-12'],
    ['le 2 mai', '2026-05-02'],
    ['entrega sexta-feira', '2026-05-08'],
    ['deliver on May 5th, 2026', '2026-05-05'],
    ['22/11/2026', '2026-11-22'],
    ['next friday', '2026-05-15'],
    ['yarın gelsin', '2026-05-07'],
    ['3 Haziran', '2026-06-03'],
    ['domani mattina', '2026-05-07'],
    ['il 5 giugno', '2026-06-05'],
    ['besok pagi', '2026-05-07'],
    ['tanggal 17 Agustus', '2026-08-17'],
    ['١٥ يونيو', '2026-06-15'],
    ['غدا', '2026-05-07'],
    ['15 अगस्त', '2026-08-15'],
    ['shanivar ko', '2026-05-09'],
    ['in 3 days', '2026-05-09'],
  ])('date in "%s": %s', (text, value) => expect(found('date', text)).toContain(value));

  it.each([
    ['at 5 pm', '17:00'],
    ['um 18:40', '18:40'],
    ['às 9h30', '09:30'],
    ['20 Uhr', '20:00'],
    ['शाम 5 बजे', '05:00'],
    ['a las 6 de la tarde', '18:00'],
    ['by noon', '12:00'],
  ])('time in "%s": %s', (text, value) => expect(found('time', text)).toEqual([value]));

  it('gives phones their country where it is told or set', () => {
    expect(found('phone', 'call +44 7700 900123')).toEqual(['+447700900123']);
    expect(found('phone', 'call 0171 5550123', { country: 'DE' })).toEqual(['+491715550123']);
    expect(found('phone', 'call 0171 5550123')).toEqual(['01715550123']);
  });

  it('knows the shapes of article numbers and the names of the catalogue, typos and all', () => {
    expect(found('sku', 'Q77.12 please', { skus: [/^Q\d{2}\.\d{2}$/] })).toEqual(['Q77.12']);
    const products = new Gazetteer(['Espresso Machine', 'Café Grinder', 'Mug']);
    expect(found('product', 'two expresso machines and a cafe grindr', { products })).toEqual([
      'Espresso Machine',
      'Café Grinder',
    ]);
    expect(found('product', 'a mud', { products })).toEqual([]);
  });

  it('gives places in the original text, and never two in one place', () => {
    const text = '😀 order #٤٨٢١٣ for ٢٠ €';
    const entities = extractEntities(text);
    expect(entities.map(({ start, end }) => text.slice(start, end))).toEqual(['٤٨٢١٣', '٢٠ €']);
  });

  it.each(['1 ', '1.', 'av 1', 'one ', '1-', 'call 1 ', '5 may ', 'a@', '€1', '12/', 'Mr A', '# '])(
    'gets through a message made of %j',
    (part) => {
      const entities = extractEntities(part.repeat(4096 / part.length));
      expect(entities.every(({ start, end }) => start < end)).toBe(true);
    },
  );
});

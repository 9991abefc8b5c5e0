import type { Span } from './entity.js';
import { Vocabulary, type Reading } from './reading.js';

/** What a number may be called. */
export type Label = 'order' | 'invoice' | 'tracking' | 'work' | 'sku' | 'phone' | 'postal' | 'other' | 'number';

/** What orders are called; with one of these a message is not about an article or a job. */
export const ORDER_NAMES =
  new Vocabulary(`order orders ordr ordrs oder ordder orde odr ordre orderan orderid orderno orden ordn ordenes pedido pedidos pedid pedio pdd
      pdido peddo pedo encomenda encomendas encomeda compra compras commande commandes comande comandes commende comand cmd cmde cmmande commmande
      bestell* bestelung* bstell* bestel* auftrag* auftrg* aufträg* ordine ordini odine sipari* siparş* pesanan* po
      طلب طلبي طلبك الطلب للطلب طلبيه الطلبيه طلبيتي طلبيات طلبى والطلب بالطلب اوردر الاوردر أوردري اوردري الاوردرات
      ऑर्डर आर्डर ओडर ओर्डर आडर ऑडर ऑर्डर्स आदेश पार्सल albarán lieferung* shipment paket* parcel package packet colis paquete pacote
      paqete envío الشحنة شحنة شحنتي للشحنة kargo kargom pacco spedizione paket`);
/** What parcels and those who bring them are called. */
export const TRACKING_NAMES =
  new Vocabulary(`tracking trackin tracknig trakking trackign track awb waybill consignment guía gia rastreio rastreamento rastrear
      rastreo rastrea rastriar seguimiento sendung* suivi resi takip التتبع تتبع ट्रैकिंग ट्रेकिंग कन्साइनमेंट dhl ups fedex usps dpd gls hermes
      correios estafeta dtdc bluedart jne jnt aramex chronopost colissimo carrier tracciamento spedizione`);
const LABELS: [Label, Vocabulary][] = [
  ['order', ORDER_NAMES],
  [
    'invoice',
    new Vocabulary(`invoice invoices invoise invoce inv bill bills receipt factura facturas fatura faturas facture factures boleta
      rechnung* rechnug* fattura fatture nf nfe nota notas faktur tagihan fatura* crédito gutschrift* avoir
      इनवॉइस इनवाइस बिल चालान الفاتورة فاتورة فاتورتي رسيد रसीद credit`),
  ],
  ['tracking', TRACKING_NAMES],
  [
    'work',
    new Vocabulary(`wo job jobs jobsheet ot os chamado intervención intervention bon trabajo einsatz* serviceauftrag* arbeitsauftrag*
      workorder ticket जॉब जोब कार्य tugas tiket lavoro intervento`),
  ],
  [
    'sku',
    new Vocabulary(`sku skus item items article articles artículo articulo artículos artigo artigos artikel* larticle référence references
      pieza pièce piece part parts peça modelo modelos model models modèle modell* lote design डिज़ाइन आइटम barang ürün urun prodotto articolo
      codice produk मॉडल`),
  ],
  [
    'phone',
    new Vocabulary(`phone mobile cell tel telf tlf telefon* teléfono telefono téléphone fone celular móvil movil handy handynummer
      rufnummer whatsapp wsp call ring फोन फ़ोन मोबाइल कॉल هاتف هاتفي جوال جوالي موبايل واتساب ara contacto telefonum`),
  ],
  [
    'postal',
    new Vocabulary(`zip zipcode postcode postal postale postl pin pincode pincod postleitzahl cep cp cap kodepos pos posta
      पिन पिनकोड الرمز البريدي`),
  ],
  [
    'other',
    new Vocabulary(`coupon* cupón cupom cupon gutschein* promo promocode rabattcode voucher kupon* diskon कूपन كوبون kodu discount
      flight vuelo voo vol flug* train tren trem zug pnr room rooms zimmer quarto chambre habitación cuarto camera oda kamar kamra
      house flat apartment apt apto ap apartamento apartmento unit block blk plot sector floor piso étage stock stiege tür tor top
      hausnummer* haus casa porta calle rua rue avenida av avenue street st road straße str jalan jl via viale blok مبنى شقة الشقة شارع منزل
      मकान फ्लैट सेक्टर रूम गली claim claims sinistro siniestro sinistre policy póliza apólice police meter reading zähler* case caso
      otp pin* code* código* passcode password gate size talla taille größe grösse groesse tamanho beden ukuran numara taglia साइज़ साइज مقاس
      مقاسي iban konto* account conto cuenta conta compte bank card karte tarjeta cartão carte kartu kart carta بطاقة حساب خاتي
      page seite página prishth route bus linie platform platforms gleis gate line visa passport reisepass protocolo protocol
      reservation reserva booking buchung* réservation rezervasyon cheque scheck* version error fehler* gstin siret nif nit rfc cnpj cpf gst
      tax vat steuer* iphone galaxy samsung golf corolla astra redmi hb palio civic hp canon epson packstation locker box postfach sap
      kw semana week flugnummer* ticketnummer kundennummer* kunden* customer cliente client musteri müşteri pelanggan العميل رحلة الرحلة
      गाड़ी ट्रेन पीएनआर फ्लाइट chapter volume vote txn transaction transaktion remesa expediente offer angebot offerte packstation postfach kapitel isbn serial seriennummer* série serie plate kennzeichen*`),
  ],
  [
    'number',
    new Vocabulary(`number numbers numbr nmbr num nr nro nº n n° numero numéro número numéros nummer numer nomor nolu nomer
      numaralı numarası رقم رقمه رقمها برقم ورقم नंबर नम्बर नंबर। नं क्रमांक संख्या ref reference referencia referência réf referenz riferimento
      referensi referans referenced référencée`),
  ],
];
/** Words between a name and its number that change nothing. */
const GLUE =
  new Vocabulary(`no is its it the el la le les lo es e est ist war was era are der die das den dem o my mi meu minha ma mon
  mein meine meiner your su tu sua votre lautet lauten called numbered with code kode código codigo id has hai he है हूँ adalah ini itu benim
  هو هي بتاعي الي saya il mio suo uh um eh ähm called following portant ecco olan`);
/** Words that stand between a name and something that need not be its number: "order of 12 May". */
const LOOSE =
  new Vocabulary(`for of from on to at in by about regarding under del de du da do dos das vom von bei zu zum für fuer para por pour
  pra pro con com mit avec au al a en no na nel per su untuk dari dengan için ile ka ki ke ko का की के को में من في عن على بخصوص
  please pls plz bitte svp por favor placed ordered que i we y and und et e dan ve و`);
/** Words after a number that lead to what it is called: "1234 numaralı sipariş", "1234 wala order". */
const BRIDGE = new Vocabulary(
  `number no nr numaralı numarali nolu nr nomor wala wale wali ka ki ke का की के वाला वाली वाले नंबर lu li lü`,
);
const MANY = new Vocabulary(
  'orders pedidos órdenes ordenes commandes bestellungen aufträge ordini encomendas invoices facturas jobs items',
);
/** Forms that begin like a name and are none: people order things. */
const VERBS = new Vocabulary('bestellen bestellt bestelle bestellte commander auftragen suchen');
const AND = new Vocabulary('and y e et und dan ve و और aur o or ou oder');
const REACH = 7;
const ENDS = /[.!?;\n](?=\s)|\n/;

/** Words that make an order one of a technician: "work order", "ordem de serviço". */
export const OF_WORK = new Vocabulary(
  'work job service trabajo trabalho servicio serviço travail arbeits कार्य lavoro kerja',
);

/** What one word calls the number beside it. */
export function labelOf(word: string): Label | undefined {
  if (VERBS.has(word)) return undefined;
  return LABELS.find(([, words]) => words.has(word))?.[0];
}

/** How a number is called. */
export interface Named {
  label: Label;
  /** Nothing but glue stands between the name and the number. */
  tight: boolean;
  /** Index of the word. */
  at: number;
}

/** What the words before a piece call it. */
export function namedBefore(reading: Reading, { start }: Span): Named | undefined {
  let tight = true;
  let named: Named | undefined;
  let edge = start;
  for (let at = reading.wordAt(start) - 1, steps = 0; at >= 0 && steps < REACH; at -= 1, steps += 1) {
    const { word, end, start: begins } = reading.words[at] ?? { word: '', start: 0, end: 0 };
    const label = labelOf(word);
    if (ENDS.test(reading.text.slice(end, edge)) && label !== 'number' && word.length > 3) break;
    edge = begins;
    // "Orders 7001 and 7004": what the first is called the second is too.
    if (
      (AND.has(word) && /\d/.test(reading.words[at - 1]?.word ?? '')) ||
      (/\d/.test(word) && !label && steps < 4 && joined(reading, at))
    )
      continue;
    if (label && label !== 'number') return { label, tight, at };
    if (label) named ??= { label, tight, at };
    else if (LOOSE.has(word) && !GLUE.has(word)) tight = false;
    else if (!GLUE.has(word)) break;
  }
  return named;
}

/** Whether a number is followed by nothing but a joining word, a comma or a part of the same number. */
function joined({ text, words }: Reading, at: number): boolean {
  const [number, next] = [words[at], words[at + 1]];
  if (!number || !next || !/\d{2}/.test(number.word)) return false;
  return AND.has(next.word) || /^ ?[,&/+] ?$/.test(text.slice(number.end, next.start));
}

/** What the words after a piece call it. */
export function namedAfter(reading: Reading, { end }: Span): Named | undefined {
  let edge = end;
  for (let at = reading.wordAt(end), steps = 0; steps < 3; at += 1, steps += 1) {
    const found = reading.words[at];
    if (!found || /[.,!?;:\n]/.test(reading.text.slice(edge, found.start)) || MANY.has(found.word)) return undefined;
    edge = found.end;
    if (BRIDGE.has(found.word)) continue;
    const label = labelOf(found.word);
    return label && label !== 'number' && label !== 'other' ? { label, tight: true, at } : undefined;
  }
  return undefined;
}

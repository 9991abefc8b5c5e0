import { Vocabulary } from './reading.js';

/** Words of messages that are about an order: a number in them that is called nothing is likely its number. */
export const ABOUT_ORDERS =
  new Vocabulary(`order* ordr* oder track* trakking trackign cancel* cncl kill void keep ship* deliver* dliver* parcel* package* arriv* status stuck
  refund* rfnd* return* exchange* address* addres* adress* adrs dispatch* where wheres whr eta send sent late missing came confirm* wrong change chng update label swap label
  invoice* bill paid pedid* pedio pdd orden* ordn compra* env* lleg* entreg* cancel* canse* anul* devol* reembol* rembol* reintegr* rastre* direc* cambi* estado dónde donde factura* plata
  encomend* chegou veio cadê cade receb* rastr* estorn* endere* troc* muda* confirm* devolu* commande* comande* cmd colis livr* annul* rembours* adress* retour* suiv* statut où
  facture* modif* bestell* bestel* bstell* auftrag* liefer* storn* paket* sendung* versand* versend* rückerstatt* rück* zurück* retour* adress* anschrift änder* wo rechnung* umleit* schick*
  ordin* consegn* spedi* annulla* rimbors* reso indirizzo sipari* kargo* iade iptal teslimat adres* nerede pesanan* kirim* batal* alamat* lacak paket retur dimana mana resi
  طلب* الطلب* اوردر شحن* الشحن* الغاء إلغاء الغي تتبع توصيل استرجاع استرداد عنوان* وصل* ऑर्डर ओडर ओर्डर आर्डर आडर पार्सल रिफंड कैंसल कैंसिल रद्द पता वापस* डिलीवर* डिलिवर* ट्रैक स्टेटस बदल* कन्फर्म* भेज*
  delivery parsal wapas wapis badal* pata kahan kaha kab radd lauta* pahuch* pohch* mila aaya aya rastreo seguimiento`);
/** What parcels do. */
export const ABOUT_MOVING = new Vocabulary(
  'moving transit customs zoll zollamt aduana alfândega douane dogana gümrük carrier',
);
/** Words of technicians about their jobs. */
export const ABOUT_JOBS =
  new Vocabulary(`job jobs wo accept accepted accepting decline declined declining done finished completed complete onsite omw site started starting closing
  acepto aceptada aceptado terminado terminada lista listo finalizado finalizada camino concluida cerré rechazo aceito recuso feita feito finalizei concluído concluida caminho chegando
  fini fait terminé terminée accepte accepté route clôturé angenommen erledigt fertig unterwegs vorort abgeschlossen accettato finito completato kabul tamamlandı bitti yoldayım selesai diterima
  जॉब जोब एक्सेप्ट कमप्लिट कंप्लीट निकल पूरा accepted niklа kaam काम انجزت انتهيت قبلت الموقع`);
/** Words of other businesses, whose numbers are none of ours. */
export const ELSEWHERE =
  new Vocabulary(`flight vuelo voo vol flug train tren trem zug pnr hotel claim sinistro siniestro sinistre policy insurance assurance versicherung
  meter visa passport passeport pasaporte passaporte bus taxi uber cheque scheck loan préstamo empréstimo room zimmer quarto prescription patient
  doctor boarding lottery lotto lottery lotería loteria casino bet betting bitcoin crypto followers override developer instructions testing testando test vote whats tariff tarrif
  cibil aadhar pan upsc exam ट्रेन फ्लाइट बैंक बस लॉटरी البنك رحلة الفندق ssn ends ending balance apr contest txn transaction remesa expediente juez court reading timer alarm alarme temporizador calculate sim recharge`);
/** Words of messages that ask for a thing by its code. */
export const ABOUT_THINGS =
  new Vocabulary(`stock stk available avail* availability disponib* disponible* disponível tienen tenéis avez verfügbar vorrätig lager buy purchase comprar acheter kaufen price
  precio preço prix preis rate harga fiyat reserv* réserv* quote cotiz* sku skus item pieza pièce référence modelo model artikel spec specs difference diferença diferencia différence
  अवेलेबल उपलब्ध दाम स्टॉक tersedia stok stokta متوفر سعر disponibile prezzo piece pieces kitne commander`);

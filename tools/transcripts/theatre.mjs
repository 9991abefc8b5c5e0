// Where transcripts are played on the services' own modules: real Postgres, built-in CRM and ERP, consent ledger, intent model.
import { FakeClock, testMasterKey } from '@parley/testing';
import { ServiceCast } from './cast.mjs';
import { openDatabase } from './database.mjs';
import { fixturesOf } from './fixtures.mjs';
import { schemasOf } from './modules.mjs';
import { startServices } from './services.mjs';

/** Opens a database and learns the folder's own intents; `begin` sets the stage of a scene. */
export async function openTheatre(modules, content, folder) {
  const database = await openDatabase(schemasOf(modules));
  const parser = await modules.intent.parseMessageWith(folder);
  const lasting = { modules, keys: testMasterKey(), parser, content };
  const begin = async (scene, defaults) => {
    const around = { ...lasting, databases: await database.fresh() };
    const clock = new FakeClock();
    const { customers, orders, uncancellable, phoneOf } = fixturesOf(scene.settings, modules.conversation.wordsOf);
    const services = await startServices(around, clock, { defaults, uncancellable });
    await services.clients.crm.importCustomers({ customers });
    const nothing = { products: [], invoices: [], technicians: [], workOrders: [] };
    await services.clients.erp.importRecords({ ...nothing, orders });
    return new ServiceCast({ services, clock, phoneOf, content });
  };
  return { begin, close: () => database.close() };
}

// npm run import -- <dir>: loads customers, products, orders, invoices and work orders into the built-in CRM and ERP.
import { loadConfig } from '@parley/config';
import { crm, erp } from '@parley/contracts';
import { grpcClient, grpcTls, grpcTlsSettings } from '@parley/grpc';
import { importFolder } from '../import/import-folder.mjs';
import { UnusableFile } from '../import/read-file.mjs';
import { ports, services } from '../launcher/services.mjs';

const USAGE = `Usage: npm run import -- <folder>
The folder holds any of customers.json, products.json, orders.json, invoices.json, technicians.json, work_orders.json.
Parley has to be running ("npm start"). A file with a bad row is not written at all; the others are.`;

const print = { out: (line) => console.log(line), err: (line) => console.error(line) };

function addressOf(name) {
  const { port } = services.find((service) => service.name === name);
  return `127.0.0.1:${ports().grpcBase + port}`;
}

export async function main(args) {
  if (args.length !== 1 || args[0].startsWith('-')) {
    console.error(USAGE);
    return args[0] === '--help' ? 0 : 2;
  }
  const tls = grpcTls(loadConfig(grpcTlsSettings, process.env));
  const clients = {
    crm: grpcClient(crm.CrmServiceClient, process.env.CRM_GRPC_URL || addressOf('crm-bridge'), {
      tls,
      server: 'crm-bridge',
    }),
    erp: grpcClient(erp.ErpServiceClient, process.env.ERP_GRPC_URL || addressOf('erp-bridge'), {
      tls,
      server: 'erp-bridge',
    }),
  };
  try {
    return (await importFolder(args[0], clients, print)) ? 0 : 1;
  } catch (error) {
    print.err(lineOf(error));
    return 1;
  } finally {
    clients.crm.close();
    clients.erp.close();
  }
}

function lineOf(error) {
  if (error instanceof UnusableFile) return error.message;
  if (error.code === 'UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED') {
    return `Parley does not answer on gRPC port base ${ports().grpcBase} (${error.reason}). Start it with "npm start", then import again.`;
  }
  return `The import stopped: ${error.reason ?? error.name}: ${error.message}`;
}

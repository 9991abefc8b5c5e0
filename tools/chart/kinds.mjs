// Which kinds of objects the chart makes, and which versions of Kubernetes they are checked for.
import { join } from 'node:path';
import { root } from '../launcher/paths.mjs';

/** What kubeconform checks against; written by renew-schemas.mjs. */
export const schemas = join(root, 'tools/chart/schemas');

/** The oldest that the chart takes (`kubeVersion` in Chart.yaml), and the newest there is. */
export const kubernetesVersions = ['1.30.0', '1.37.0'];

/** Kubernetes' own, as its schemas are named. */
export const kinds = [
  'configmap-v1',
  'deployment-apps-v1',
  'horizontalpodautoscaler-autoscaling-v2',
  'ingress-networking-v1',
  'job-batch-v1',
  'networkpolicy-networking-v1',
  'pod-v1',
  'poddisruptionbudget-policy-v1',
  'service-v1',
  'serviceaccount-v1',
];

/** Those of operators: file of the CRD, name of the schema, group. */
export const crdKinds = [
  ['servicemonitors', 'servicemonitor-monitoring', 'monitoring.coreos.com'],
  ['prometheusrules', 'prometheusrule-monitoring', 'monitoring.coreos.com'],
  ['certificates', 'certificate-cert-manager', 'cert-manager.io'],
  ['issuers', 'issuer-cert-manager', 'cert-manager.io'],
];

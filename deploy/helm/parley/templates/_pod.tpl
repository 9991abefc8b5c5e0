{{/* Environment from Secrets. Takes root, name and service. */}}
{{- define "parley.secretEnv" -}}
{{- $v := .root.Values -}}
{{- with .service.schema }}
{{- $variable := printf "%s_DATABASE_URL" (upper .) }}
{{- if $v.database.urlsSecret }}
{{- include "parley.fromSecret" (dict "variable" $variable "secret" $v.database.urlsSecret "key" $variable) }}
{{- $vault := printf "%s_VAULT_DATABASE_URL" (upper .) }}
{{- include "parley.fromSecret" (dict "variable" "VAULT_DATABASE_URL" "secret" $v.database.urlsSecret "key" $vault "optional" true) }}
{{- else }}
{{- include "parley.fromSecret" (dict "variable" "DATABASE_PASSWORD" "secret" $v.database.passwordsSecret "key" .) }}
- name: {{ $variable }}
  value: {{ include "parley.databaseUrl" (dict "root" $.root "user" (printf "parley_%s" .) "password" "$(DATABASE_PASSWORD)") | quote }}
{{- end }}
{{- end }}
{{- if and .service.kafka $v.kafka.enabled (ne $v.kafka.sasl.mechanism "none") }}
{{- include "parley.fromSecret" (dict "variable" "KAFKA_SASL_PASSWORD" "secret" $v.kafka.sasl.secret "key" $v.kafka.sasl.passwordKey) }}
{{- end }}
{{- if has .name (list "gateway" "simulator") }}
{{- with $v.secrets.whatsapp }}
{{- $optional := not $v.production }}
{{- include "parley.fromSecret" (dict "variable" "WHATSAPP_APP_SECRET" "secret" .name "key" .appSecret "optional" $optional) }}
{{- include "parley.fromSecret" (dict "variable" "WHATSAPP_VERIFY_TOKEN" "secret" .name "key" .verifyToken "optional" $optional) }}
{{- include "parley.fromSecret" (dict "variable" "WHATSAPP_ACCESS_TOKEN" "secret" .name "key" .accessToken "optional" $optional) }}
{{- if eq $.name "gateway" }}
{{- include "parley.fromSecret" (dict "variable" "WHATSAPP_APP_SECRET_PREVIOUS" "secret" .name "key" .appSecretPrevious "optional" true) }}
{{- end }}
{{- end }}
{{- end }}
{{- if eq .name "desk" }}
{{- with $v.secrets.desk }}
{{- include "parley.fromSecret" (dict "variable" "DESK_ADMIN_PASSWORD" "secret" .name "key" .adminPassword "optional" (not $v.production)) }}
{{- end }}
{{- end }}
{{- if $v.telemetry.otlpEndpoint }}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: OTEL_RESOURCE_ATTRIBUTES
  value: service.namespace=parley,service.instance.id=$(POD_NAME),k8s.pod.name=$(POD_NAME),k8s.namespace.name={{ .root.Release.Namespace }}
{{- end }}
{{- with .service.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "parley.fromSecret" }}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
      {{- if .optional }}
      optional: true
      {{- end }}
{{- end -}}

{{/* Folders of secrets: a YAML list of name, path, secret, items. 0440: for the group that the pod's files belong to. */}}
{{- define "parley.secretFolders" -}}
{{- $v := .root.Values -}}
{{- if and .service.ops (ne $v.grpcTls.mode "off") }}
- { name: grpc, secret: {{ include "parley.fullname" .root }}-{{ .name }}-grpc, items: [ca.crt, tls.crt, tls.key] }
{{- end }}
{{- if .service.keys }}
- name: keys
  secret: {{ $v.secrets.keys.name }}
  items: [{{ $v.secrets.keys.masterKey }}{{ if eq .name "audit-service" }}, {{ $v.secrets.keys.auditSigningKey }}{{ end }}]
{{- end }}
{{- if and .service.schema $v.database.ca.secret }}
- { name: postgres, secret: {{ $v.database.ca.secret }}, items: [{{ $v.database.ca.key }}] }
{{- end }}
{{- if and .service.kafka $v.kafka.enabled $v.kafka.tls.enabled }}
{{- with $v.kafka.tls.ca }}{{ if .secret }}
- { name: kafka-ca, secret: {{ .secret }}, items: [{{ .key }}] }
{{- end }}{{ end }}
{{- with $v.kafka.tls.client }}{{ if .secret }}
- { name: kafka-client, secret: {{ .secret }}, items: [{{ .certKey }}, {{ .keyKey }}] }
{{- end }}{{ end }}
{{- end }}
{{- end -}}

{{- define "parley.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- range include "parley.secretFolders" . | fromYamlArray }}
- name: {{ .name }}
  secret:
    secretName: {{ .secret }}
    # 0440, for the group of the pod.
    defaultMode: 288
    items:
      {{- range .items }}
      - key: {{ . }}
        path: {{ . }}
      {{- end }}
{{- end }}
{{- with .service.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "parley.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
{{- range include "parley.secretFolders" . | fromYamlArray }}
- name: {{ .name }}
  mountPath: /etc/parley/{{ .name }}
  readOnly: true
{{- end }}
{{- with .service.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Ports of a service, as names and numbers. */}}
{{- define "parley.ports" -}}
{{- if int .httpPort }}
- { name: http, port: {{ int .httpPort }} }
{{- end }}
{{- if .grpc }}
- { name: grpc, port: {{ include "parley.grpcPort" . }} }
{{- end }}
{{- if .ops }}
- { name: ops, port: {{ include "parley.opsPort" . }} }
{{- end }}
{{- end -}}

{{- define "parley.probes" -}}
{{- $port := .ops | ternary "ops" "http" -}}
# Health comes before everything else in a service's start, so this is about the process alone; what it waits for shows in readiness.
startupProbe:
  httpGet: { path: /health/live, port: {{ $port }} }
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /health/live, port: {{ $port }} }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet: { path: /health/ready, port: {{ $port }} }
  periodSeconds: 5
  timeoutSeconds: 2
  failureThreshold: 2
{{- end -}}

{{/* Replicas of one service over zones, then over nodes. */}}
{{- define "parley.spread" -}}
{{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- maxSkew: 1
  topologyKey: {{ $key }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "parley.selector" (dict "root" $.root "component" $.name) | nindent 6 }}
  matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end -}}

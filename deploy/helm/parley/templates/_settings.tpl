{{/* What a service reads from its environment and everybody may know; secrets are in _pod.tpl. Takes root, services, name, service. */}}
{{- define "parley.settings" -}}
{{- $base := include "parley.commonSettings" . | fromYaml -}}
{{- $own := include "parley.ownSettings" . | fromYaml -}}
{{- $more := dict -}}
{{- range $name, $value := .service.env -}}{{- $_ := set $more $name (toString $value) -}}{{- end -}}
{{- toYaml (mustMergeOverwrite $base $own $more) -}}
{{- end -}}

{{- define "parley.commonSettings" -}}
{{- $v := .root.Values -}}
NODE_ENV: {{ ternary "production" "development" $v.production }}
LOG_LEVEL: {{ $v.telemetry.logLevel }}
{{- if .service.ops }}
LISTEN_HOST: 0.0.0.0
{{- if eq $v.grpcTls.mode "off" }}
GRPC_ALLOW_PLAINTEXT: "on"
{{- else }}
GRPC_TLS_CA_FILE: /etc/parley/grpc/ca.crt
GRPC_TLS_CERT_FILE: /etc/parley/grpc/tls.crt
GRPC_TLS_KEY_FILE: /etc/parley/grpc/tls.key
{{- end }}
{{- end }}
{{- if .service.grpc }}
GRPC_TLS_CALLERS: {{ include "parley.callers" . | quote }}
{{- end }}
{{- include "parley.addresses" . }}
{{- if .service.schema }}
{{- if eq $v.database.sslMode "disable" }}
DATABASE_ALLOW_PLAINTEXT: "on"
{{- end }}
{{- end }}
{{- if .service.keys }}
PARLEY_MASTER_KEY_FILE: /etc/parley/keys/{{ $v.secrets.keys.masterKey }}
{{- end }}
{{- if .service.kafka }}
{{- include "parley.kafkaSettings" .root }}
{{- end }}
{{- with $v.telemetry }}
{{- if .otlpEndpoint }}
OTEL_EXPORTER_OTLP_ENDPOINT: {{ .otlpEndpoint | quote }}
OTEL_EXPORTER_OTLP_PROTOCOL: {{ .otlpProtocol }}
OTEL_SERVICE_NAME: {{ $.name }}
OTEL_TRACES_SAMPLER: parentbased_traceidratio
OTEL_TRACES_SAMPLER_ARG: {{ .samplingRatio | quote }}
OTEL_METRICS_EXPORTER: none
OTEL_LOGS_EXPORTER: none
{{- range $name, $value := .env }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Where the services are that this one asks: CONSENT_GRPC_URL for consent-service. */}}
{{- define "parley.addresses" -}}
{{- range $called := .service.calls }}
{{- with get $.services $called }}
{{ splitList "-" $called | first | upper }}_GRPC_URL: {{ include "parley.fullname" $.root }}-{{ $called }}.{{ $.root.Release.Namespace }}.svc:{{ include "parley.grpcPort" . }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "parley.kafkaSettings" -}}
{{- with .Values.kafka }}
KAFKA_PARTITIONS: {{ .partitions | quote }}
{{- if .enabled }}
KAFKA_BROKERS: {{ join "," .brokers | quote }}
KAFKA_REPLICATION: {{ .replication | quote }}
{{- if .tls.enabled }}
KAFKA_SSL: "on"
{{- if .tls.ca.secret }}
KAFKA_SSL_CA_FILE: /etc/parley/kafka-ca/{{ .tls.ca.key }}
{{- end }}
{{- if .tls.client.secret }}
KAFKA_SSL_CERT_FILE: /etc/parley/kafka-client/{{ .tls.client.certKey }}
KAFKA_SSL_KEY_FILE: /etc/parley/kafka-client/{{ .tls.client.keyKey }}
{{- end }}
{{- else }}
KAFKA_ALLOW_PLAINTEXT: "on"
{{- end }}
{{- if ne .sasl.mechanism "none" }}
KAFKA_SASL_MECHANISM: {{ .sasl.mechanism }}
KAFKA_SASL_USERNAME: {{ .sasl.username | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What only one service reads. */}}
{{- define "parley.ownSettings" -}}
{{- $v := .root.Values -}}
{{- if eq .name "gateway" }}
{{- include "parley.whatsappSettings" . }}
SIMULATOR: {{ hasKey .services "simulator" | ternary "on" "off" | quote }}
{{- else if eq .name "conversation-service" }}
PARLEY_TIME_ZONE: {{ $v.business.timeZone }}
{{- with $v.whatsapp.phoneNumberIds }}
WHATSAPP_PHONE_NUMBER_ID: {{ join "," . | quote }}
{{- end }}
{{- else if eq .name "intent-service" }}
{{- with $v.business.country }}
PARLEY_COUNTRY: {{ . | quote }}
{{- end }}
{{- else if eq .name "crm-bridge" }}
CRM_CONNECTOR: {{ $v.connectors.crm }}
PARLEY_DEMO_DATA: {{ ternary "on" "off" $v.business.demoData | quote }}
{{- else if eq .name "erp-bridge" }}
ERP_CONNECTOR: {{ $v.connectors.erp }}
PARLEY_DEMO_DATA: {{ ternary "on" "off" $v.business.demoData | quote }}
{{- with $v.business.paymentPageUrl }}
ERP_PAYMENT_PAGE_URL: {{ . | quote }}
{{- end }}
{{- else if eq .name "audit-service" }}
AUDIT_SIGNING_KEY_FILE: /etc/parley/keys/{{ $v.secrets.keys.auditSigningKey }}
AUDIT_RETENTION_DAYS: {{ $v.business.auditRetentionDays | quote }}
{{- else if eq .name "desk" }}
DESK_ADMIN_EMAIL: {{ $v.desk.adminEmail | quote }}
DESK_TLS: {{ ternary "proxy" "off" $v.production | quote }}
DESK_TRUSTED_PROXIES: {{ $v.desk.trustedProxies | quote }}
DESK_SESSION_IDLE: {{ $v.desk.sessionIdle }}
DESK_SESSION_LIFE: {{ $v.desk.sessionLife }}
{{- else if eq .name "simulator" }}
SIMULATOR_HOST: 0.0.0.0
WEBHOOK_URL: http://{{ include "parley.fullname" .root }}-gateway.{{ .root.Release.Namespace }}.svc:{{ int (get .services "gateway").httpPort }}/webhooks/whatsapp
{{- include "parley.numbers" .root }}
{{- end }}
{{- end -}}

{{- define "parley.numbers" -}}
{{- with .Values.whatsapp.phoneNumberIds }}
WHATSAPP_PHONE_NUMBER_ID: {{ join "," . | quote }}
{{- end }}
{{- with .Values.whatsapp.businessAccountIds }}
WHATSAPP_BUSINESS_ACCOUNT_ID: {{ join "," . | quote }}
{{- end }}
{{- end -}}

{{- define "parley.whatsappSettings" -}}
{{- include "parley.numbers" .root }}
{{- with .root.Values.whatsapp }}
{{- $rates := list }}
{{- range $id := .phoneNumberIds }}
{{- $rates = append $rates (printf "%s=%d" $id (get $.root.Values.whatsapp.rates $id | default $.root.Values.whatsapp.messagesPerSecond | int)) }}
{{- end }}
WHATSAPP_MESSAGES_PER_SECOND: {{ .rates | empty | ternary (toString .messagesPerSecond) (join "," $rates) | quote }}
WHATSAPP_BULK_BESIDE_LIVE: {{ .bulkBesideLive | quote }}
WHATSAPP_IN_DOUBT_WAIT: {{ .inDoubtWait }}
WHATSAPP_GRAPH_VERSION: {{ .graphVersion }}
{{- if .graphUrl }}
WHATSAPP_GRAPH_URL: {{ .graphUrl | quote }}
{{- else }}
{{- with get $.services "simulator" }}
WHATSAPP_GRAPH_URL: http://{{ include "parley.fullname" $.root }}-simulator.{{ $.root.Release.Namespace }}.svc:{{ int .httpPort }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

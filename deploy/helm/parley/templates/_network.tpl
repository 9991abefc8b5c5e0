{{/* Who may come to one service, and where it may go: the edges its values name and no others. Takes root, services, name, service. */}}
{{- define "parley.networkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "parley.metadata" (dict "root" .root "component" .name) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "parley.selector" (dict "root" .root "component" .name) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress: {{- include "parley.comeIn" . | trim | fromYamlArray | toYaml | nindent 4 }}
  egress: {{- include "parley.goOut" . | trim | fromYamlArray | toYaml | nindent 4 }}
{{- end -}}

{{- define "parley.peer" -}}
- podSelector:
    matchLabels:
      {{- include "parley.selector" . | nindent 6 }}
{{- end -}}

{{- define "parley.comeIn" -}}
{{- $np := .root.Values.networkPolicy -}}
{{- $door := get .root.Values.ingress .name | default dict -}}
{{- if and (int .service.httpPort) $door.enabled }}
- ports: [{ port: {{ int .service.httpPort }}, protocol: TCP }]
  from: {{- toYaml $np.ingressFrom | nindent 4 }}
{{- end }}
{{- range $other, $service := .services }}
{{- if has $.name $service.fetches }}
- ports: [{ port: {{ int $.service.httpPort }}, protocol: TCP }]
  from: {{- include "parley.peer" (dict "root" $.root "component" $other) | nindent 4 }}
{{- end }}
{{- if has $.name $service.calls }}
- ports: [{ port: {{ include "parley.grpcPort" $.service }}, protocol: TCP }]
  from: {{- include "parley.peer" (dict "root" $.root "component" $other) | nindent 4 }}
{{- end }}
{{- end }}
{{- if .service.operators }}
- ports: [{ port: {{ include "parley.grpcPort" .service }}, protocol: TCP }]
  from: {{- include "parley.peer" (dict "root" .root "component" "operator") | nindent 4 }}
{{- end }}
{{- if and .service.ops $np.monitoringFrom }}
- ports: [{ port: {{ include "parley.opsPort" .service }}, protocol: TCP }]
  from: {{- toYaml $np.monitoringFrom | nindent 4 }}
{{- end }}
{{- with .service.extraIngress }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "parley.goOut" -}}
{{- $v := .root.Values -}}
{{ include "parley.toNames" .root }}
{{- range $called := .service.calls }}
{{- with get $.services $called }}
- ports: [{ port: {{ include "parley.grpcPort" . }}, protocol: TCP }]
  to: {{- include "parley.peer" (dict "root" $.root "component" $called) | nindent 4 }}
{{- end }}
{{- end }}
{{- range $called := .service.fetches }}
{{- with get $.services $called }}
- ports: [{ port: {{ int .httpPort }}, protocol: TCP }]
  to: {{- include "parley.peer" (dict "root" $.root "component" $called) | nindent 4 }}
{{- end }}
{{- end }}
{{- if .service.schema }}
{{ include "parley.toDatabase" .root }}
{{- end }}
{{- if and .service.kafka $v.kafka.enabled }}
- ports: {{- range (include "parley.kafkaPorts" .root | fromYamlArray) }}
    - { port: {{ int . }}, protocol: TCP }
    {{- end }}
  {{- with $v.networkPolicy.kafkaTo }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- with $v.telemetry.otlpEndpoint }}
- ports: [{ port: {{ (regexFind ":[0-9]+" .) | trimPrefix ":" | default "443" }}, protocol: TCP }]
  {{- with $v.networkPolicy.telemetryTo }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- if .service.internet }}
- ports: [{ port: 443, protocol: TCP }]
  to: {{- toYaml $v.networkPolicy.internetTo | nindent 4 }}
{{- end }}
{{- with .service.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "parley.toNames" -}}
- ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
  to: {{- toYaml .Values.networkPolicy.dnsTo | nindent 4 }}
{{- end -}}

{{- define "parley.toDatabase" -}}
- ports: [{ port: {{ int .Values.database.port }}, protocol: TCP }]
  {{- with .Values.networkPolicy.databaseTo }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "parley.kafkaPorts" -}}
{{- $ports := list -}}
{{- range .Values.kafka.brokers }}{{ $ports = append $ports (regexFind "[0-9]+$" .) }}{{ end -}}
{{- $ports | uniq | toYaml -}}
{{- end -}}

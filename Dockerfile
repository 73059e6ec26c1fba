# The program and the certificates that its connections are judged by; there is nothing else, and nobody who could become
# another user. Built by .github/workflows/release.yml, which puts both into `dist/image`:
#   docker run --rm --volume "$PWD:/repository:ro" IMAGE check
FROM scratch
ARG TARGETARCH
COPY dist/image/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --chmod=0555 dist/image/${TARGETARCH}/credlint /usr/local/bin/credlint
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 65532:65532
WORKDIR /repository
ENTRYPOINT ["/usr/local/bin/credlint"]

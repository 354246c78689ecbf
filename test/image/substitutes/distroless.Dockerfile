FROM scratch
ARG TARGETARCH
COPY distroless-${TARGETARCH}/ /
COPY passwd group /etc/
COPY node-${TARGETARCH}/bin/node /nodejs/bin/node
COPY --chown=65532:65532 --chmod=0700 home/ /home/nonroot/
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /home/nonroot
USER 65532
ENTRYPOINT ["/nodejs/bin/node"]
